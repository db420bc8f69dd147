package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.local.ChildProcesses;
import dev.hearth.wire.Beat;
import dev.hearth.wire.Grant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A pod that serves several sessions: what lies between two of them. */
class AgentResetIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    @Test
    void theNextSessionGetsAnotherChromeAndNothingOfTheFirst() throws Exception {
        try (var pod = Pod.servingAgain(home)) {
            var first = pod.activePort();
            pod.ingest.say(new FakeIngest.Word(1, pod.session, 60_000, false));
            var client = pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true));
            client.call("Target.createTarget", "{\"url\":\"about:blank#left-open\"}");
            client.call("Storage.setCookies", COOKIE);
            assertThat(client.call("Storage.getCookies", "{}")).contains("left-behind");
            Files.writeString(home.resolve("tmp").resolve("download"), "of the first");

            pod.ingest.say(new FakeIngest.Word(1, null, -1, false));
            pod.ask("POST", "/end", pod.grant(Grant.Kind.END, 1, true));
            assertThat(client.receive().closeCode()).isEqualTo(4003);
            var ended = System.nanoTime();
            awaitNobodys(pod, 1);
            System.out.println("nobody's again after "
                    + Duration.ofNanos(System.nanoTime() - ended).toMillis() + " ms");

            assertThat(pod.activePort()).isNotEqualTo(first);
            assertThat(home.resolve("tmp")).isEmptyDirectory();
            assertThat(pod.chrome.isAlive()).isTrue();
            assertThat(pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true)).status())
                    .as("a grant of the session that was")
                    .isEqualTo(409);
            var second = UUID.randomUUID();
            pod.ingest.say(new FakeIngest.Word(2, second, 60_000, false));
            var next = pod.connect(pod.grant(second, Grant.Kind.CLIENT, 2, true));
            assertThat(next.call("Storage.getCookies", "{}")).doesNotContain("left-behind");
            assertThat(next.call("Target.getTargets", "{}")).doesNotContain("left-open");
            assertThat(next.evaluate("6*7")).contains("42");
        }
    }

    @Test
    void nobodyGetsInBetweenTwoSessions() throws Exception {
        try (var pod = Pod.servingAgain(home)) {
            var before = pod.ingest.heard().size();
            pod.ingest.say(new FakeIngest.Word(1, pod.session, 60_000, false));
            pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true)).evaluate("1");
            // Postgres has not said yet that it may go on.
            pod.ask("POST", "/end", pod.grant(Grant.Kind.END, 1, true));
            await().until(() -> pod.log().split("chrome is READY", -1).length == 3);
            assertThat(pod.ingest.heard().stream()
                            .skip(before)
                            .map(heard -> heard.beat().chrome()))
                    .as("what a gateway passes on without delay")
                    .contains(Beat.Chrome.STARTING);

            assertThat(pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true)).status())
                    .isEqualTo(409);
            assertThat(pod.connect(pod.grant(UUID.randomUUID(), Grant.Kind.CLIENT, 2, true))
                            .status())
                    .isEqualTo(409);
            assertThat(pod.ingest.heard().stream().skip(before))
                    .as("it speaks of its last session until it may have another")
                    .allSatisfy(heard -> assertThat(heard.beat().epoch() == 0
                                    || pod.session.equals(heard.beat().session()))
                            .isTrue());

            pod.ingest.say(new FakeIngest.Word(1, null, -1, false));
            awaitNobodys(pod, 1);
        }
    }

    @Test
    void aChromeThatDoesNotEndIsGivenUp() throws Exception {
        try (var pod = Pod.servingAgain(home)) {
            pod.ingest.say(new FakeIngest.Word(1, pod.session, 60_000, false));
            pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true)).evaluate("1");
            pod.chrome.descendants().forEach(child -> stop(child.pid()));
            pod.ingest.say(new FakeIngest.Word(1, null, -1, false));
            pod.ask("POST", "/end", pod.grant(Grant.Kind.END, 1, true));

            pod.awaitHealth(Beat.Chrome.GONE, Duration.ofSeconds(20));
            assertThat(pod.agent.waitFor(4, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aChromeThatEndsByItselfIsNotReplaced() throws Exception {
        try (var pod = Pod.servingAgain(home)) {
            pod.ingest.say(new FakeIngest.Word(1, pod.session, 60_000, false));
            var client = pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true));
            client.send("{\"id\":1,\"method\":\"Browser.close\"}");

            pod.awaitHealth(Beat.Chrome.GONE, Duration.ofSeconds(10));
            assertThat(pod.chrome.waitFor(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void thePodsLastSessionEndsChromeForGood() throws Exception {
        try (var pod = Pod.servingAgain(home)) {
            pod.ingest.say(new FakeIngest.Word(1, pod.session, 60_000, false));
            pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true)).evaluate("1");
            pod.ingest.say(new FakeIngest.Word(1, null, -1, true));
            pod.ask("POST", "/end", pod.grant(Grant.Kind.END, 1, true));

            assertThat(pod.agent.waitFor(6, TimeUnit.SECONDS)).isTrue();
            assertThat(pod.agent.exitValue()).isZero();
        }
    }

    @Test
    void aRestartedAgentDoesNotVouchForAChromeThatWasUsed() throws Exception {
        try (var pod = Pod.servingAgain(home)) {
            ChildProcesses.stop(pod.agent, "KILL", Duration.ofSeconds(2));
            pod.ingest.say(new FakeIngest.Word(4, null, -1, false));
            pod.agent = pod.startAgent();

            pod.awaitHealth(Beat.Chrome.GONE, Duration.ofSeconds(10));
            assertThat(pod.ingest.newest().epoch())
                    .as("so that Postgres heeds it")
                    .isEqualTo(4);
        }
    }

    private static final String COOKIE = "{\"cookies\":[{\"name\":\"left-behind\",\"value\":\"1\","
            + "\"domain\":\"shop.test\",\"path\":\"/\",\"expires\":4102444800}]}";

    private static void awaitNobodys(Pod pod, long epoch) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    var newest = pod.ingest.newest();
                    return newest.chrome() == Beat.Chrome.READY && newest.session() == null && newest.epoch() == epoch;
                });
    }

    private static void stop(long pid) {
        try {
            new ProcessBuilder(List.of("kill", "-STOP", Long.toString(pid)))
                    .start()
                    .waitFor();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
