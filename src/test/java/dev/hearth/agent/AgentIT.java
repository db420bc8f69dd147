package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hearth.testing.Answers;
import dev.hearth.wire.Beat;
import dev.hearth.wire.Grant;
import dev.hearth.wire.GrantCodec;
import dev.hearth.wire.PageSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The agent as a process of its own beside a real Chromium: grants, epochs, clients that stay and clients that go. */
class AgentIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    @Test
    @Answers("chrome-headless-browser-docker#55")
    void joinsAClientToChromeAndTellsWhatItDoes() {
        try (var pod = Pod.ready(home)) {
            assertThat(TestSocket.open(pod.port)
                            .request("GET", "/readyz", Map.of())
                            .status())
                    .isEqualTo(200);
            var client = pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true));
            assertThat(client.status()).isEqualTo(101);
            assertThat(client.evaluate("6*7")).contains("\"value\":42");
            await().untilAsserted(() -> {
                var beat = pod.ingest.newest();
                assertThat(beat.connections()).isEqualTo(1);
                assertThat(beat.connected()).isTrue();
                assertThat(beat.epoch()).isEqualTo(1);
                assertThat(beat.session()).isEqualTo(pod.session);
            });
            client.sayClose();
            await().untilAsserted(() -> {
                var beat = pod.ingest.newest();
                assertThat(beat.connections()).isZero();
                assertThat(beat.left()).isTrue();
                assertThat(beat.commands()).isEqualTo(3);
            });
            assertThat(pod.log()).doesNotContain("secret-token");
        }
    }

    /** What Chrome's own window would show there is rendered by nobody: most of a start's work, were it there. */
    @Test
    void aWarmChromeShowsItsOnePageAndNothingElse() throws Exception {
        try (var pod = Pod.ready(home);
                var http = HttpClient.newHttpClient()) {
            var list = URI.create("http://127.0.0.1:" + pod.activePort().port() + "/json/list");
            var answer = http.send(HttpRequest.newBuilder(list).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(new ObjectMapper().readTree(answer.body()).findValuesAsText("type"))
                    .as(answer.body())
                    .containsExactly("page");
        }
    }

    @Test
    void refusesBadGrantsAndNoByteReachesChrome() {
        try (var pod = new Pod(home, home.resolve("tap"));
                var tap = new Tap(home.resolve("tap"), pod.activePort())) {
            pod.awaitHealth(Beat.Chrome.READY, Duration.ofSeconds(30));
            var good = pod.grant(Grant.Kind.CLIENT, 1, true);
            // The agent's own connection, its rehearsal's, and the spare one that waits for the client.
            var before = 1 + Rehearsal.ROUNDS + 1;
            Awaitility.await().until(() -> tap.connections() == before && tap.bytesOfNewest() > 0);
            var handshake = tap.bytesOfNewest();
            var foreign =
                    new Grant(good.kind(), "other-pod", good.session(), 1, good.connection(), good.expiresAt(), true);
            var expired = new Grant(
                    good.kind(),
                    pod.podUid,
                    good.session(),
                    1,
                    good.connection(),
                    Instant.now().minusSeconds(31),
                    true);
            var forged = Map.of(GrantCodec.HEADER, GrantCodec.seal(good, Pod.STRANGER));
            assertThat(pod.connect(foreign).status()).isEqualTo(401);
            assertThat(pod.connect(expired).status()).isEqualTo(401);
            assertThat(TestSocket.open(pod.port)
                            .upgrade("/devtools/browser", forged)
                            .status())
                    .isEqualTo(401);
            assertThat(TestSocket.open(pod.port)
                            .upgrade("/devtools/browser", Map.of())
                            .status())
                    .isEqualTo(401);
            assertThat(TestSocket.open(pod.port)
                            .request("GET", "/json/version", Map.of())
                            .status())
                    .isEqualTo(401);
            assertThat(pod.ask("GET", "/nothing", good).status()).isEqualTo(404);
            assertThat(pod.ask("POST", "/end", good).status()).isEqualTo(403);
            assertThat(pod.connect(pod.grant(Grant.Kind.VIEWER, 1, false)).status())
                    .isEqualTo(403);
            assertThat(pod.ask("GET", "/devtools/browser", pod.grant(Grant.Kind.CLIENT, 1, true))
                            .status())
                    .isEqualTo(400);
            assertThat(TestSocket.open(pod.port)
                            .request("GET", "/" + "x".repeat(20_000), Map.of())
                            .status())
                    .isEqualTo(431);
            assertThat(tap.connections()).isEqualTo(before);
            assertThat(tap.bytesOfNewest()).isEqualTo(handshake);
            var first = pod.connect(good);
            assertThat(first.status()).isEqualTo(101);
            assertThat(first.evaluate("6 * 7")).contains("42");
            assertThat(tap.connections()).isEqualTo(before);
            assertThat(tap.bytesOfNewest()).isGreaterThan(handshake);
        }
    }

    @Test
    void obeysTheHigherEpochAndNoOlderOne() {
        try (var pod = Pod.ready(home)) {
            var older = pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true));
            assertThat(older.evaluate("window.x = 42")).contains("42");
            var newer = pod.connect(pod.grant(Grant.Kind.CLIENT, 2, true));
            assertThat(newer.status()).isEqualTo(101);
            assertThat(older.receive().closeCode()).isEqualTo(4003);
            assertThat(pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true)).status())
                    .isEqualTo(409);
            assertThat(pod.ask("POST", "/end", pod.grant(Grant.Kind.END, 1, true))
                            .status())
                    .isEqualTo(409);
            var stranger = new Grant(
                    Grant.Kind.CLIENT, pod.podUid, UUID.randomUUID(), 2, UUID.randomUUID(), Instant.now(), false);
            assertThat(pod.connect(stranger).status()).isEqualTo(409);
            assertThat(newer.evaluate("1")).contains("\"value\":1");
            pod.ingest.say(new FakeIngest.Word(3, UUID.randomUUID(), 60_000, false));
            assertThat(newer.receive().closeCode()).isEqualTo(4003);
        }
    }

    @Test
    @Answers("playwright#38234")
    void givesAnExclusiveSessionToOneClientAtATime() {
        try (var pod = Pod.ready(home)) {
            var holder = pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true));
            var second = pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true));
            assertThat(second.status()).isEqualTo(409);
            assertThat(second.body()).matches("\\{\"heldSinceMillis\":\\d+}");
            var viewer = pod.connect(pod.grant(Grant.Kind.VIEWER, 1, false), "/devtools/page/" + pageOf(holder));
            assertThat(viewer.status()).isEqualTo(101);
            assertThat(viewer.call("Runtime.evaluate", "{\"expression\":\"2+3\"}"))
                    .contains("\"value\":5");
            var taker = pod.connect(pod.grant(Grant.Kind.TAKEOVER, 1, true));
            assertThat(taker.status()).isEqualTo(101);
            assertThat(holder.receive().closeCode()).isEqualTo(4001);
            assertThat(taker.evaluate("7")).contains("\"value\":7");
            await().untilAsserted(() -> {
                assertThat(pod.ingest.newest().connections()).isEqualTo(1);
                assertThat(pod.ingest.newest().left()).isFalse();
            });
        }
    }

    @Test
    void ofManyThatComeAtOnceExactlyOneGetsIn() {
        try (var pod = Pod.ready(home)) {
            for (var round = 1; round <= 20; round++) {
                var epoch = round;
                var sockets = IntStream.range(0, 8)
                        .parallel()
                        .mapToObj(_ -> pod.connect(pod.grant(Grant.Kind.CLIENT, epoch, true)))
                        .toList();
                assertThat(sockets.stream().map(TestSocket::status)).containsOnlyOnce(101);
                sockets.forEach(TestSocket::close);
            }
        }
    }

    @Test
    @Answers("browserless#3937")
    void letsManyIntoASharedSession() {
        try (var pod = Pod.ready(home)) {
            var one = pod.connect(pod.grant(Grant.Kind.CLIENT, 1, false));
            var two = pod.connect(pod.grant(Grant.Kind.CLIENT, 1, false));
            assertThat(two.status()).isEqualTo(101);
            assertThat(pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true)).status())
                    .isEqualTo(409);
            one.sayClose();
            assertThat(two.evaluate("5")).contains("\"value\":5");
            await().untilAsserted(
                            () -> assertThat(pod.ingest.newest().connections()).isEqualTo(1));
            assertThat(pod.ingest.newest().left()).isFalse();
            two.reset();
            await().untilAsserted(
                            () -> assertThat(pod.ingest.newest().connections()).isZero());
            assertThat(pod.ingest.newest().left()).isFalse();
        }
    }

    @Test
    @Answers({"agent-browser#1792", "browserless#4149"})
    void keepsThePageWhenAConnectionIsResetAndTellsItFromALeavingClient() {
        try (var pod = Pod.ready(home)) {
            var first = pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true));
            assertThat(first.evaluate("window.x = 42")).contains("42");
            first.reset();
            await().untilAsserted(() -> {
                assertThat(pod.ingest.newest().connections()).isZero();
                assertThat(pod.ingest.newest().connected()).isTrue();
                assertThat(pod.ingest.newest().left()).isFalse();
            });
            var grant = pod.grant(Grant.Kind.CLIENT, 1, true);
            var again = pod.connect(grant);
            assertThat(again.evaluate("window.x")).contains("\"value\":42");
            again.reset();
            await().untilAsserted(
                            () -> assertThat(pod.ingest.newest().connections()).isZero());
            var leave = new Grant(
                    Grant.Kind.LEAVE, pod.podUid, pod.session, 1, grant.connection(), grant.expiresAt(), true);
            assertThat(pod.ask("POST", "/leave", leave).status()).isEqualTo(204);
            await().untilAsserted(() -> assertThat(pod.ingest.newest().left()).isTrue());
        }
    }

    @Test
    void passesChromesDocumentsOn() {
        try (var pod = Pod.ready(home)) {
            var version = pod.ask("GET", "/json/version", pod.grant(Grant.Kind.VIEWER, 1, false));
            assertThat(version.status()).isEqualTo(200);
            assertThat(version.body()).contains("webSocketDebuggerUrl").endsWith("}\n");
            assertThat(pod.ask("GET", "/json/list", pod.grant(Grant.Kind.CLIENT, 1, false))
                            .body())
                    .contains("about:blank");
            var nobody = pod.connect(pod.grant(Grant.Kind.VIEWER, 1, false), "/devtools/page/NOBODY");
            assertThat(nobody.status()).isEqualTo(404);
        }
    }

    @Test
    void aClientOpensShowsAndClosesAPageAndAViewerDoesNot() {
        try (var pod = Pod.ready(home)) {
            assertThat(pod.ask("PUT", "/json/new?about:blank", pod.grant(Grant.Kind.VIEWER, 1, true))
                            .status())
                    .isEqualTo(403);
            var opened = pod.ask("PUT", "/json/new?data:text/html,%3Ctitle%3Eopened%3C/title%3E", client(pod));
            assertThat(opened.status()).isEqualTo(200);
            var page = opened.body().replaceAll("(?s).*\"id\": \"([0-9A-F]+)\".*", "$1");
            assertThat(pod.ask("GET", "/json/activate/" + page, client(pod)).body())
                    .isEqualTo("Target activated");
            assertThat(pod.ask("GET", "/json/close/" + page, client(pod)).body())
                    .isEqualTo("Target is closing");
            assertThat(pod.ask("GET", "/json/close/NOBODY", client(pod)).status())
                    .isEqualTo(502);
            assertThat(pod.ask("GET", "/json/close/..", client(pod)).status()).isEqualTo(404);
            assertThat(pod.ask("GET", "/json/protocol", client(pod)).body()).contains("\"domains\"");
        }
    }

    private static Grant client(Pod pod) {
        return pod.grant(Grant.Kind.CLIENT, 1, true);
    }

    private static String pageOf(TestSocket client) {
        var targets = client.call("Target.getTargets", "{\"filter\":[{\"type\":\"page\"}]}");
        return targets.replaceAll(".*\"targetId\":\"([0-9A-F]+)\".*", "$1");
    }

    @Test
    void pagesAreAsTheSessionWantsThemBeforeItsClientSpeaks() {
        try (var pod = Pod.ready(home)) {
            var refused = pod.connect(
                    pod.grant(Grant.Kind.CLIENT, 1, false), new PageSettings(null, null, null, "Mars/Olympus", false));
            assertThat(refused.status()).isEqualTo(502);
            var wanted = new PageSettings(new PageSettings.Viewport(777, 555), null, "de-DE", "Asia/Tokyo", false);
            var client = pod.connect(pod.grant(Grant.Kind.CLIENT, 1, false), wanted);
            assertThat(client.status()).isEqualTo(101);
            assertThat(client.evaluate(
                            "innerWidth + navigator.language + Intl.DateTimeFormat().resolvedOptions().timeZone"))
                    .contains("777de-DEAsia/Tokyo");

            var malformed = new HashMap<>(Pod.header(pod.grant(Grant.Kind.CLIENT, 1, false)));
            malformed.put(PageSettings.HEADER, "%");
            assertThat(TestSocket.open(pod.port)
                            .upgrade("/devtools/browser", malformed)
                            .status())
                    .isEqualTo(400);
            assertThat(pod.connect(pod.grant(Grant.Kind.CLIENT, 1, false)).status())
                    .isEqualTo(101);
            await().untilAsserted(
                            () -> assertThat(pod.ingest.newest().connections()).isEqualTo(2));
        }
    }

    @Test
    void aViewerGetsTheFilesOfDevToolsAndNothingElseOfChromesPort() {
        try (var pod = Pod.ready(home)) {
            var page = pod.ask("GET", "/devtools/inspector.html", pod.grant(Grant.Kind.VIEWER, 1, false));
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.head()).contains("application/octet-stream");
            assertThat(page.body()).contains("<!DOCTYPE html>");
            assertThat(pod.ask("GET", "/devtools/inspector.html", pod.grant(Grant.Kind.CLIENT, 1, false))
                            .status())
                    .isEqualTo(403);
            for (var path : List.of(
                    "/json/new",
                    "/json/close/x.html",
                    "/devtools/../json/list.html",
                    "/devtools/inspector.html?x",
                    "/devtools/%2e%2e/json/version.html",
                    "/devtools//x.html",
                    "/devtools/inspector")) {
                assertThat(pod.ask("GET", path, pod.grant(Grant.Kind.VIEWER, 1, false))
                                .status())
                        .as(path)
                        .isEqualTo(404);
            }
            assertThat(pod.ask("GET", "/json/close/A1", pod.grant(Grant.Kind.VIEWER, 1, false))
                            .status())
                    .as("a viewer closes no page")
                    .isEqualTo(403);
            assertThat(pod.ingest.newest().connections()).isZero();
        }
    }
}
