package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.app.CdpClient;
import dev.hearth.local.ChildProcesses;
import dev.hearth.testing.Answers;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** However it ends, nothing is left running, and the next start works on what is there. */
class StopAndStartE2E {
    @Test
    @Answers("playwright#38234")
    void ctrlCLeavesNoProcessAndTheNextStartFindsItsPoolsAndKey() throws Exception {
        var home = Path.of("target/e2e/stopped");
        var first = RunningHearth.start(home);
        var key = first.key();
        first.kubectl("scale", "bp/local-east", "--replicas=1");

        ChildProcesses.signal(first.process(), "INT");
        assertThat(first.process().waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(first.processes()).isEmpty();
        assertThat(home.resolve("env")).doesNotExist();

        try (var second = RunningHearth.start(home)) {
            assertThat(second.key()).isEqualTo(key);
            assertThat(second.kubectl("get", "bp", "local-east", "-o", "jsonpath={.spec.replicas}"))
                    .isEqualTo("1");
            new Pools(second).awaitWarm("default", "local-east", 1);
        }
    }

    @Test
    void killNineLeavesNoProcessAndTheNextStartRecovers() throws Exception {
        var home = Path.of("target/e2e/killed");
        var first = RunningHearth.start(home);
        var session = first.claim("{\"keepAlive\":true}");
        var id = session.path("id").asText();

        first.process().destroyForcibly().waitFor();
        Awaitility.await("every process to be gone")
                .atMost(Duration.ofSeconds(30))
                .until(() -> first.processes().isEmpty());

        try (var second = RunningHearth.start(home)) {
            // Its browser died with the machine's processes: the session says so, and a new claim works.
            Awaitility.await()
                    .atMost(Pools.PATIENCE)
                    .until(() -> !second.session(id).path("status").asText().equals("RUNNING"));
            var again = second.claim("{}");
            try (var browser = CdpClient.connect(
                    second.http(), URI.create(again.path("connectUrl").asText()))) {
                assertThat(browser.call(null, "Browser.getVersion", Map.of())
                                .path("product")
                                .asText())
                        .contains("Chrome");
            }
        }
    }

    @Test
    void aTakenPortIsOneLineWithTheCure() throws Exception {
        try (var taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            var home = Files.createDirectories(Path.of("target/e2e/taken"));
            var log = home.resolve("output.log");
            Files.deleteIfExists(log);
            var process = ChildProcesses.start(new ChildProcesses.Spec(
                    java.util.List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-jar",
                            Path.of("target/quarkus-app/quarkus-run.jar")
                                    .toAbsolutePath()
                                    .toString(),
                            "local"),
                    Map.of(
                            "HEARTH_HOME", home.toAbsolutePath().toString(),
                            "HEARTH_PORT", Integer.toString(taken.getLocalPort())),
                    false,
                    null,
                    log,
                    "KILL"));

            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isNotZero();
            assertThat(Files.readString(log)).contains("port " + taken.getLocalPort() + " is taken", "HEARTH_PORT");
        }
    }
}
