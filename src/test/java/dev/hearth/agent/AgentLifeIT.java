package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.local.ChildProcesses;
import dev.hearth.testing.Answers;
import dev.hearth.wire.Beat;
import dev.hearth.wire.Grant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** How Chrome, a session, a gateway or the agent itself ends, freezes or comes back, and who hears of it when. */
class AgentLifeIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    @Test
    void tellsAKilledChromeWithinASecondAndEnds() throws Exception {
        try (var pod = Pod.ready(home)) {
            var client = pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true));
            client.evaluate("1");
            ChildProcesses.signal(pod.chrome, "KILL");
            var killed = System.nanoTime();
            pod.awaitHealth(Beat.Chrome.GONE, Duration.ofSeconds(10));
            var gone = pod.ingest.heard().stream()
                    .filter(heard -> heard.beat().chrome() == Beat.Chrome.GONE)
                    .findFirst()
                    .orElseThrow();
            var heard = Duration.ofNanos(gone.nanos() - killed);
            System.out.println("GONE heard after " + heard.toMillis() + " ms");
            assertThat(heard).isLessThan(Duration.ofSeconds(1));
            assertThat(client.receive().closeCode()).isEqualTo(4002);
            assertThat(pod.ingest.newest().left()).isFalse();
            assertThat(pod.agent.waitFor(2, TimeUnit.SECONDS)).isTrue();
            assertThat(pod.agent.exitValue()).isZero();
        }
    }

    @Test
    @Answers("browserless#1122")
    void tellsAFrozenChromeAndItsComingBack() {
        try (var pod = Pod.ready(home)) {
            var stopped = System.nanoTime();
            ChildProcesses.signal(pod.chrome, "STOP");
            pod.awaitHealth(Beat.Chrome.FROZEN, Duration.ofSeconds(10));
            System.out.println("FROZEN after "
                    + Duration.ofNanos(System.nanoTime() - stopped).toMillis() + " ms");
            assertThat(TestSocket.open(pod.port)
                            .request("GET", "/readyz", Map.of())
                            .status())
                    .isEqualTo(503);
            assertThat(pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true)).status())
                    .isEqualTo(503);
            ChildProcesses.signal(pod.chrome, "CONT");
            pod.awaitHealth(Beat.Chrome.READY, Duration.ofSeconds(5));
            assertThat(pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true)).status())
                    .isEqualTo(101);
        }
    }

    @Test
    void aBusyPageOfASessionIsNotAFrozenBrowser() {
        try (var pod = Pod.ready(home)) {
            var client = pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true));
            assertThat(client.evaluate("const until = Date.now() + 8000; while (Date.now() < until); 8"))
                    .contains("8");
            assertThat(pod.ingest.heard()).noneMatch(heard -> heard.beat().chrome() == Beat.Chrome.FROZEN);
        }
    }

    @Test
    void aDeadRendererEndsNothingInASessionAndIsReplacedBefore() {
        try (var pod = Pod.ready(home)) {
            var seen = pod.ingest.heard().size();
            crashPage(pod);
            await().until(() -> pod.ingest.heard().stream()
                    .skip(seen)
                    .anyMatch(heard -> heard.beat().chrome() == Beat.Chrome.STARTING));
            pod.awaitHealth(Beat.Chrome.READY, Duration.ofSeconds(10));
            var client = pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true));
            assertThat(client.evaluate("6*7")).contains("42");
            crashPage(pod);
            await().until(() -> pod.log().split("a renderer crashed", -1).length == 3);
            assertThat(client.call("Browser.getVersion", "{}")).contains("product");
            assertThat(pod.ingest.newest().chrome()).isEqualTo(Beat.Chrome.READY);
        }
    }

    @Test
    @Answers({"docker-selenium#605", "browserless#5439"})
    void endOfASessionCutsItsClientsAndStopsChrome() throws Exception {
        try (var pod = Pod.ready(home)) {
            var client = pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true));
            assertThat(pod.ask("POST", "/end", pod.grant(Grant.Kind.END, 1, true))
                            .status())
                    .isEqualTo(204);
            assertThat(client.receive().closeCode()).isEqualTo(4003);
            assertThat(pod.chrome.waitFor(3, TimeUnit.SECONDS)).isTrue();
            assertThat(pod.chrome.exitValue()).isZero();
            assertThat(pod.agent.waitFor(3, TimeUnit.SECONDS)).isTrue();
            assertThat(pod.agent.exitValue()).isZero();
        }
    }

    @Test
    @Answers("ferrum#505")
    void endsASessionByItsOwnClockWhenNobodyCanBeReached() throws Exception {
        try (var pod = Pod.ready(home)) {
            var client = pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true));
            var word = new FakeIngest.Word(1, pod.session, 1500, false);
            pod.ingest.say(word);
            await().until(() -> word.equals(pod.ingest.told()));
            pod.ingest.close();
            client.timeout(Duration.ofSeconds(8));
            assertThat(client.receive().closeCode()).isEqualTo(4003);
            assertThat(pod.chrome.waitFor(3, TimeUnit.SECONDS)).isTrue();
            assertThat(pod.agent.waitFor(4, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    @Answers("docker-selenium#2129")
    void tellsTheMomentAtWhichItsSessionHasIdledForLongEnough() {
        try (var pod = Pod.ready(home)) {
            pod.ingest.say(new FakeIngest.Word(1, pod.session, 60_000, 1_000, 0, false));
            var client = pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true));
            client.evaluate("6*7");
            var moment = await().until(
                            () -> pod.ingest.heard().stream()
                                    .filter(heard -> heard.beat().commands() == 3)
                                    .filter(heard -> heard.beat().idleMillis() >= 1_000)
                                    .findFirst(),
                            Optional::isPresent)
                    .orElseThrow();

            assertThat(moment.beat().idleMillis())
                    .as("the next beat of the interval would say 4500 and more")
                    .isLessThan(4_000);
            assertThat(pod.ingest.heard().stream()
                            .filter(heard -> heard.nanos() > moment.nanos())
                            .filter(heard -> heard.nanos()
                                    < moment.nanos() + Duration.ofSeconds(1).toNanos()))
                    .as("told once")
                    .isEmpty();
        }
    }

    /** The claim was 4 s before the beat whose answer told of it. */
    @Test
    void aSessionThatNobodyCameToIdlesSinceItsClaim() {
        try (var pod = Pod.ready(home)) {
            var learned = System.nanoTime();
            pod.ingest.say(new FakeIngest.Word(1, pod.session, 60_000, 6_000, 4_000, false));
            var moment = await().until(
                            () -> pod.ingest.heard().stream()
                                    .filter(heard -> heard.beat().idleMillis() >= 6_000)
                                    .findFirst(),
                            Optional::isPresent)
                    .orElseThrow();

            assertThat(moment.beat().idleMillis())
                    .as("the next beat of the interval would say 8500 and more")
                    .isLessThan(8_000);
            assertThat(Duration.ofNanos(moment.nanos() - learned)).isGreaterThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void aRestartedAgentRefusesUntilToldItsEpoch() throws Exception {
        try (var pod = Pod.ready(home)) {
            pod.ingest.mute(true);
            ChildProcesses.stop(pod.agent, "KILL", Duration.ofSeconds(1));
            pod.agent = pod.startAgent();
            await().ignoreExceptions()
                    .until(() -> TestSocket.open(pod.port)
                                    .request("GET", "/readyz", Map.of())
                                    .status()
                            == 200);
            assertThat(pod.connect(pod.grant(Grant.Kind.CLIENT, 9, true)).status())
                    .isEqualTo(503);
            pod.ingest.newestSequence(1000);
            pod.ingest.say(new FakeIngest.Word(5, pod.session, 60_000, false));
            pod.ingest.mute(false);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> pod.ingest.newest().sequence() > 1000);
            assertThat(pod.connect(pod.grant(Grant.Kind.CLIENT, 4, true)).status())
                    .isEqualTo(409);
            assertThat(pod.connect(pod.grant(Grant.Kind.CLIENT, 5, true)).status())
                    .isEqualTo(101);
        }
    }

    @Test
    void toldToStopItSaysSoToClientsAndGatewayWithinTwoSeconds() throws Exception {
        try (var pod = Pod.ready(home)) {
            var client = pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true));
            await().until(() -> pod.ingest.newest().connections() == 1);
            pod.agent.destroy();
            assertThat(client.receive().closeCode()).isEqualTo(1001);
            assertThat(pod.agent.waitFor(2, TimeUnit.SECONDS)).isTrue();
            assertThat(pod.ingest.newest().connections()).isZero();
            assertThat(pod.ingest.newest().left()).isFalse();
        }
    }

    @Test
    void keepsItsSessionWhileGatewaysAreAwayAndTellsTheNewestLater() throws Exception {
        try (var pod = Pod.ready(home)) {
            var client = pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true));
            pod.ingest.mute(true);
            client.evaluate("1");
            await().atMost(Duration.ofSeconds(25)).until(() -> pod.log().contains("gateway is silent"));
            assertThat(client.evaluate("6*7")).contains("42");
            client.sayClose();
            pod.ingest.mute(false);
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            pod.ingest.newest().left() && pod.ingest.newest().commands() == 6);
        }
    }

    /** A late arrival makes one gap longer and the next one shorter; a longer interval makes all of them longer. */
    @Test
    void beatsAtLeastEveryFiveSeconds() {
        try (var pod = Pod.ready(home)) {
            var start = pod.ingest.heard().size();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> pod.ingest.heard().size() >= start + 3);
            var heard = List.copyOf(pod.ingest.heard());
            assertThat(heard.getLast().beat().sequence()).isEqualTo(heard.size());
            var gaps = IntStream.range(start, start + 3)
                    .mapToObj(beat -> Duration.ofNanos(
                            heard.get(beat).nanos() - heard.get(beat - 1).nanos()))
                    .sorted()
                    .toList();
            assertThat(gaps.get(1)).as("median of %s", gaps).isLessThan(Duration.ofMillis(5_200));
            assertThat(gaps.getLast()).isLessThan(Duration.ofSeconds(7));
        }
    }

    private static void crashPage(Pod pod) {
        var direct = TestSocket.open(pod.activePort().port())
                .upgrade(pod.activePort().browserPath(), Map.of());
        var targets = direct.call("Target.getTargets", "{\"filter\":[{\"type\":\"page\"}]}");
        var target = targets.replaceAll(".*?\"targetId\":\"([0-9A-F]+)\".*", "$1");
        var page = TestSocket.open(pod.activePort().port()).upgrade("/devtools/page/" + target, Map.of());
        page.send("{\"id\":1,\"method\":\"Page.crash\"}");
        await().until(() -> pod.log().contains("a renderer crashed"));
        page.close();
        direct.close();
    }
}
