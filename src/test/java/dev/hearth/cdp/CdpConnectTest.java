package dev.hearth.cdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.claim.WantedTerms;
import dev.hearth.gateway.SessionEnds;
import dev.hearth.testing.Answers;
import dev.hearth.testing.GatewayProfile;
import dev.hearth.testing.RawClient;
import dev.hearth.testing.WebSocketBytes;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(GatewayProfile.class)
@SuppressWarnings("NullAway.Init") // fields are set by the framework and before each test
class CdpConnectTest extends OnOneBrowser {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    SessionEnds ends;

    @BeforeEach
    void anotherTeam() {
        store.key("key-b", "team-b");
    }

    @Test
    @Answers("cloudflare-puppeteer#93")
    void joinsAClientToItsBrowser() throws Exception {
        var session = claim(WantedTerms.NONE);
        try (var client = RawClient.open(base.getPort(), url(session))) {
            assertThat(client.status()).isEqualTo(101);
            assertThat(client.header("Sec-WebSocket-Accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            client.sendText("{\"id\":1,\"method\":\"Browser.getVersion\"}");
            assertThat(client.message().text()).contains("Browser.getVersion");
            client.send(WebSocketBytes.frame(true, 9, new byte[] {1}, true));
            assertThat(client.message().opcode()).isEqualTo(10);
            client.send(WebSocketBytes.frame(true, 8, new byte[] {3, (byte) 0xE8}, true));
            assertThat(client.message().closeCode()).isEqualTo(1000);
            assertThat(client.atEnd()).isTrue();
        }
        await().untilAsserted(() -> assertThat(agent.events).contains("CLIENT /devtools/browser", "close 1000"));
        assertThat(state(session).isLive())
                .as("a shared session's end is the agent's to tell")
                .isTrue();
    }

    @Test
    @Answers("lightpanda#2716")
    void passesLargeMessagesUntouchedBothWays() throws Exception {
        var session = claim(WantedTerms.NONE);
        var random = new Random(42);
        for (var size : new int[] {257, 65_535, 65_536, 5_000_000, 20_000_000}) {
            var payload = new byte[size];
            random.nextBytes(payload);
            var begins = WebSocketBytes.frame(false, 1, payload, true);
            var ends = WebSocketBytes.frame(true, 0, payload, true);
            try (var client = RawClient.open(base.getPort(), url(session))) {
                // Else nobody reads what comes back while this is still being written.
                var sender = Thread.ofVirtual().start(() -> {
                    try {
                        client.send(begins);
                        client.send(WebSocketBytes.frame(true, 9, new byte[0], true));
                        client.send(ends);
                    } catch (IOException broken) {
                        throw new UncheckedIOException(broken);
                    }
                });
                assertThat(client.message().payload()).isEqualTo(payload);
                assertThat(client.message().opcode()).isEqualTo(10);
                assertThat(client.message().payload()).isEqualTo(payload);
                sender.join();
            }
        }
    }

    @Test
    @Answers("ferrum#505")
    void aClientThatLeavesWithoutAWordHasLeft() throws Exception {
        var session = claim(exclusive());
        RawClient.open(base.getPort(), url(session)).close();
        await().untilAsserted(() -> assertThat(agent.events).contains("close 4000", "END /end"));
        assertThat(state(session).endReason()).isEqualTo(EndReason.CLIENT_DISCONNECTED);
    }

    @Test
    @Answers("agent-browser#1792")
    void aResetIsALostSocketAndEndsNothing() throws Exception {
        var session = claim(exclusive());
        RawClient.open(base.getPort(), url(session)).reset();
        await().untilAsserted(() -> assertThat(agent.events).containsAnyOf("fin", "lost"));
        await().untilAsserted(() -> assertThat(agent.open).hasValue(0));
        assertThat(agent.events).doesNotContain("close 4000");
        assertThat(state(session).isLive()).isTrue();
    }

    @Test
    void aClientThatLeavesInTheMiddleOfAMessageIsReportedOutOfBand() throws Exception {
        var session = claim(WantedTerms.NONE);
        try (var client = RawClient.open(base.getPort(), url(session))) {
            client.send(new byte[] {1, (byte) 0xFF, 0, 0, 0, 0, 0, 1, 0, 0, 1, 2, 3, 4, 5});
        }
        await().untilAsserted(() -> assertThat(agent.events).contains("LEAVE /leave"));
    }

    @Test
    @Answers("browserless#3574")
    void browserCloseEndsAPlainSessionAndIsAnswered() throws Exception {
        var session = claim(WantedTerms.NONE);
        try (var client = RawClient.open(base.getPort(), url(session))) {
            client.sendText("{\"method\":\"Browser.close\",\"id\":42}");
            assertThat(client.message().text()).isEqualTo("{\"id\":42,\"result\":{}}");
            assertThat(client.message().closeCode()).isEqualTo(1000);
        }
        assertThat(state(session).endReason()).isEqualTo(EndReason.BROWSER_CLOSED);
        await().untilAsserted(() -> assertThat(agent.events).contains("END /end"));
        assertThat(agent.events.toString()).doesNotContain("Browser.close");
    }

    @Test
    @Answers("sdk-node#183")
    void browserCloseOnlyDetachesFromAKeptSession() throws Exception {
        var session = claim(new WantedTerms(null, null, null, null, true, null));
        try (var client = RawClient.open(base.getPort(), url(session))) {
            client.sendText("{\"id\":1,\"method\":\"Browser.close\",\"sessionId\":\"S\"}");
            assertThat(client.message().text()).isEqualTo("{\"id\":1,\"result\":{},\"sessionId\":\"S\"}");
            assertThat(client.message().closeCode()).isEqualTo(1000);
        }
        await().untilAsserted(() -> assertThat(agent.events).contains("close 4000"));
        assertThat(state(session).isLive()).isTrue();
        assertThat(agent.events).doesNotContain("END /end");
    }

    @Test
    void saysThatTheBrowserIsGone() throws Exception {
        var session = claim(WantedTerms.NONE);
        try (var client = RawClient.open(base.getPort(), url(session))) {
            client.sendText("die");
            assertThat(client.message().closeCode()).isEqualTo(4002);
        }
    }

    @Test
    @Answers("lightpanda#2716")
    void passesTheAgentsLastWordOn() throws Exception {
        var session = claim(WantedTerms.NONE);
        try (var client = RawClient.open(base.getPort(), url(session))) {
            client.sendText("bye 4001");
            assertThat(client.message().closeCode()).isEqualTo(4001);
        }
    }

    @Test
    void closesASessionsSocketsWhenItEndsHere() throws Exception {
        var session = claim(WantedTerms.NONE);
        try (var client = RawClient.open(base.getPort(), url(session));
                var page = RawClient.open(base.getPort(), url(session, "/devtools/page/T1"))) {
            ends.end(session.id(), null, EndReason.RELEASED);
            assertThat(client.message().closeCode()).isEqualTo(4003);
            assertThat(page.message().closeCode()).isEqualTo(4003);
        }
        assertThat(agent.events).contains("VIEWER /devtools/page/T1");
    }

    @Test
    @Answers("browserless-shutdown")
    void sendsClientsElsewhereWhenItStops() throws Exception {
        var session = claim(WantedTerms.NONE);
        try (var client = RawClient.open(base.getPort(), url(session))) {
            await().untilAsserted(() -> assertThat(connections.open()).isOne());
            connections.closeAll();
            assertThat(client.message().closeCode()).isEqualTo(1012);
        }
        await().untilAsserted(() -> assertThat(agent.open).hasValue(0));
        assertThat(agent.events).as("its client may come back").doesNotContain("close 4000");
        assertThat(state(session).isLive()).isTrue();
    }

    @Test
    void endsEvenInsideAFrameThatNeverEnds() throws Exception {
        var session = claim(WantedTerms.NONE);
        try (var client = RawClient.open(base.getPort(), url(session))) {
            client.sendText("half");
            assertThat(client.in().readUnsignedShort()).isEqualTo(0x817E);
            connections.closeAll();
            client.in().readNBytes(100);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"8105, 1002", "8280 00000000, 1003", "81FF 7FFFFFFFFFFFFFFF 00000000, 1009", "8882 00000000 03E7, 1002"
    })
    @Answers("slicc#474")
    void closesOnBrokenFramesAndForgetsNobody(String hex, int code) throws Exception {
        var session = claim(exclusive());
        try (var client = RawClient.open(base.getPort(), url(session))) {
            client.send(java.util.HexFormat.of().parseHex(hex.replace(" ", "")));
            assertThat(client.message().closeCode()).isEqualTo(code);
            assertThat(client.atEnd()).isTrue();
        }
        assertThat(state(session).isLive()).isTrue();
    }

    @Test
    void createsOnConnectAndEndsWithItsClient() throws Exception {
        try (var client = RawClient.open(base.getPort(), "/?apiKey=key-a&region=eu-west&timeout=60")) {
            assertThat(client.status()).isEqualTo(101);
            client.sendText("hello");
            assertThat(client.message().text()).isEqualTo("hello");
        }
        assertThat(store.sessions).hasSize(1);
        try (var client = RawClient.open(base.getPort(), "/connect", "Authorization: Bearer key-a")) {
            assertThat(client.status()).isEqualTo(101);
        }
        var session = claim(WantedTerms.NONE);
        try (var client = RawClient.open(base.getPort(), "/?apiKey=key-a&sessionId=" + session.id())) {
            assertThat(client.status()).isEqualTo(101);
        }
        assertThat(store.sessions).hasSize(3);
    }

    @Test
    @Answers("browserless#5439")
    void leavesNoSessionBehindWhenItsBrowserCannotBeReached() throws Exception {
        agent.close();
        try (var client = RawClient.open(base.getPort(), "/?apiKey=key-a")) {
            refused(client, 502, "browser-unreachable");
        }
        await().untilAsserted(() -> assertThat(store.sessions.values()).noneMatch(Session::isLive));
    }

    @Test
    @Answers({"browserless#350", "docker-selenium#1503", "steel-browser#74"})
    void refusesBeforeThe101() throws Exception {
        var session = claim(WantedTerms.NONE);
        var path = "/sessions/" + session.id();
        var other = claim(WantedTerms.NONE);
        refused(path, 401, "auth-missing");
        refused(path + "?token=", 401, "token-invalid");
        refused(path + "?token=" + "A".repeat(86), 401, "token-invalid");
        refused(path + "?token=" + keys.token(other.id()), 401, "token-invalid");
        refused(path + "?apiKey=nope", 401, "auth-invalid");
        refused(path + "?apiKey=key-b", 404, "session-not-found");
        refused("/sessions/1?apiKey=key-a", 404, "session-not-found");
        refused("/sessions/" + UUID.randomUUID() + "?apiKey=key-a", 404, "session-not-found");
        refused(path + "?token=a&token=b", 400, "query-invalid");
        refused(path + "?tokn=a", 400, "query-invalid");
        refused("/?apiKey=key-a&timeout=5", 422, "field-range");
        refused("/?apiKey=key-a&region=mars", 422, "region-unknown");
        refused("/?apiKey=key-a&keepAlive=maybe", 400, "query-invalid");
        refused("/?apiKey=key-a&projectId=team-b", 404, "project-not-found");
        refused("/devtools/page/x?apiKey=key-a", 404, "not-found");
        refused("/json/new?apiKey=key-a", 404, "not-found");
        refused("/devtools/browser/abc", 404, "not-found");
        refused("/sessions/" + session.id() + "/../" + session.id(), 400, "path-invalid");
        try (var client = RawClient.open(base.getPort(), "/?apiKey=key-a", "X-BB-API-Key: key-b")) {
            refused(client, 400, "credential-ambiguous");
        }
        try (var client = RawClient.open(base.getPort(), url(session), "Origin: null")) {
            refused(client, 403, "origin-not-allowed");
        }
        ends.end(session.id(), null, EndReason.IDLE);
        try (var client = RawClient.open(base.getPort(), url(session))) {
            refused(client, 410, "session-ended");
        }
        store.warm = 0;
        refused("/?apiKey=key-a", 503, "pool-exhausted");
        assertThat(agent.events).doesNotContain("CLIENT /devtools/browser");
    }

    @Test
    void refusesWhatIsNoHandshake() throws Exception {
        var target = url(claim(WantedTerms.NONE));
        assertThat(answerTo(target, "")).startsWith("426 upgrade-required websocket");
        assertThat(answerTo(target, "Upgrade: h2c\r\nConnection: Upgrade\r\n")).startsWith("426 upgrade-required");
        assertThat(answerTo(target, upgrade("8", RawClient.KEY))).startsWith("426 upgrade-required");
        assertThat(answerTo(target, upgrade("13", "short"))).startsWith("400 websocket-key");
        assertThat(answerTo(target, upgrade("13", "!".repeat(24)))).startsWith("400 websocket-key");
    }

    @Test
    void passesOnWhyTheAgentRefuses() throws Exception {
        var session = claim(WantedTerms.NONE);
        agent.refusal = "409 {\"heldSinceMillis\":61000}";
        try (var client = RawClient.open(base.getPort(), url(session))) {
            assertThat(refused(client, 409, "session-busy")).contains("61 s");
        }
        agent.refusal = "409 epoch";
        try (var client = RawClient.open(base.getPort(), url(session))) {
            refused(client, 410, "session-ended");
        }
        agent.refusal = "503 soon";
        try (var client = RawClient.open(base.getPort(), url(session))) {
            refused(client, 503, "session-not-ready");
        }
        agent.refusal = "401 no";
        try (var client = RawClient.open(base.getPort(), url(session))) {
            assertThat(refused(client, 502, "browser-unreachable")).doesNotContain("127.0.0.1");
        }
        agent.refusal = "";
        try (var client = RawClient.open(base.getPort(), url(session) + "&takeover=true")) {
            assertThat(client.status()).isEqualTo(101);
        }
        assertThat(agent.events).contains("TAKEOVER /devtools/browser");
    }

    @Test
    @Answers({"agent-browser#1274", "lightpanda#1922", "wmux#233", "playwright#29403", "playwright#40394"})
    void answersJsonAsStockClientsAskForIt() throws Exception {
        var session = claim(WantedTerms.NONE);
        var port = base.getPort();
        for (var slash : new String[] {"", "/"}) {
            var root = JSON.readTree(get("/json/version" + slash + "?apiKey=key-a"));
            assertThat(root.path("webSocketDebuggerUrl").asText())
                    .isEqualTo("ws://localhost:" + port + "/?apiKey=key-a");
            var path = "/sessions/" + session.id();
            var token = "?token=" + keys.token(session.id());
            var version = JSON.readTree(get(path + "/json/version" + slash + token));
            assertThat(version.path("webSocketDebuggerUrl").asText())
                    .isEqualTo("ws://localhost:" + port + path + token);
            assertThat(version.path("Browser").asText()).isEqualTo("Fake/1");
            var page = JSON.readTree(get(path + "/json/list" + slash + token)).get(0);
            assertThat(page.path("webSocketDebuggerUrl").asText())
                    .isEqualTo("ws://localhost:" + port + path + "/devtools/page/T1" + token);
            assertThat(page.has("devtoolsFrontendUrl")).isFalse();
        }
        assertThat(get("/json?apiKey=key-a")).isEqualTo("[]");
        assertThat(get("/json/version")).contains("auth-missing");
        assertThat(get("/json/version?apiKey=nope")).contains("auth-invalid");
        assertThat(store.sessions).as("nothing is claimed by asking").hasSize(1);
    }

    private static WantedTerms exclusive() {
        return new WantedTerms(null, null, null, null, null, dev.hearth.claim.Connections.EXCLUSIVE);
    }

    private Session state(Session session) {
        return Objects.requireNonNull(store.sessions.get(session.id()));
    }

    private void refused(String target, int status, String code) throws Exception {
        try (var client = RawClient.open(base.getPort(), target)) {
            refused(client, status, code);
        }
    }

    private String refused(RawClient client, int status, String code) throws Exception {
        var body = client.body();
        assertThat(body).contains("\"code\":\"" + code + "\"");
        assertThat(client.status()).isEqualTo(status);
        assertThat(client.header("Content-Type")).isEqualTo("application/problem+json");
        return body;
    }

    private static String upgrade(String version, String key) {
        return "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: " + version
                + "\r\nSec-WebSocket-Key: " + key + "\r\n";
    }

    private String answerTo(String target, String headers) throws Exception {
        try (var client = new RawClient(base.getPort())) {
            client.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
            client.readHead();
            return client.status() + " "
                    + JSON.readTree(client.body()).path("code").asText() + " " + client.header("Upgrade");
        }
    }

    private String get(String target) throws Exception {
        try (var client = new RawClient(base.getPort())) {
            client.send("GET " + target + " HTTP/1.1\r\nHost: localhost:" + base.getPort() + "\r\n\r\n");
            client.readHead();
            return new String(client.body().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        }
    }
}
