package dev.hearth.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.local.ChildProcesses;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One container's processes on the real kernel, without a cluster. */
class ContainerProcessIT {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path directory;

    private final String mark = "test/" + UUID.randomUUID();
    private final DeathWatch deathWatch = DeathWatch.start(NodeContext.RUN_MARK + "=" + mark);

    @AfterEach
    void leaveNothing() {
        deathWatch.close();
    }

    @Test
    void aProcessThatLeftTheSessionDiesWithItsContainer() {
        var process = start("setsid sleep 641 & sleep 641 & sleep 641", OptionalLong.empty());
        TestCluster.patience()
                .until(() -> TestCluster.processesWith("sleep 641").size() >= 4);

        process.kill();

        assertThat(TestCluster.processesWith("sleep 641")).isEmpty();
    }

    /** The mutant: a container killed as a process group only. */
    @Test
    void killingTheGroupAloneWouldLeaveAProcess() throws Exception {
        var child = ChildProcesses.start(new ChildProcesses.Spec(
                List.of("sh", "-c", "setsid sleep 642 & sleep 642"), environment(), false, null, log(), "KILL"));
        // Both are what they will be: a fork that has not left the group yet would die with it.
        TestCluster.patience()
                .until(() -> TestCluster.processesWith("sleep 642").stream()
                                .filter(pid -> TestCluster.commandLine(pid).startsWith("sleep"))
                                .count()
                        == 2);

        ChildProcesses.signal(child, "KILL");
        TestCluster.patience()
                .until(() -> TestCluster.processesWith("sleep 642").size() <= 1);

        assertThat(TestCluster.processesWith("sleep 642")).hasSize(1);
        new ProcessTree(child.pid(), NodeContext.RUN_MARK + "=" + mark).kill();
        assertThat(TestCluster.processesWith("sleep 642")).isEmpty();
    }

    @Test
    void theDeathWatchKillsWhatItsOwnerLeaves() {
        start("setsid sleep 643 & sleep 643 & sleep 643", OptionalLong.empty());
        TestCluster.patience()
                .until(() -> TestCluster.processesWith("sleep 643").size() >= 4);

        deathWatch.close();

        assertThat(TestCluster.processesWith("sleep 643")).isEmpty();
    }

    @Test
    void memoryIsWatchedWhereTheKernelDoesNotLimitIt() {
        var process = start(
                "exec python3 -c 'import time; x = bytearray(100 << 20); time.sleep(600)'", OptionalLong.of(64 << 20));

        TestCluster.patience().until(() -> {
            process.watch();
            return !process.alive();
        });

        assertThat(process.exited(false, NOW).reason()).isEqualTo("OOMKilled");
    }

    @Test
    void aLogIsBoundedAndItsTailIsStillRead() throws Exception {
        var process = start(
                "head -c 6000000 /dev/zero | tr '\\0' x; echo; echo middle; read -r x < " + fifo() + "; echo last",
                OptionalLong.empty());
        TestCluster.patience().until(() -> Files.readString(log()).endsWith("middle\n"));

        process.watch();
        Files.writeString(directory.resolve("go"), "\n");
        TestCluster.patience().until(() -> !process.alive());

        assertThat(log()).hasSize("last\n".length());
        var tail = new ByteArrayOutputStream();
        var request = ((LogRequest.Parsed.Valid) LogRequest.parse("/containerLogs/n/p/c", "tailLines=2")).request();
        new LogStream(new LogServer.Log(new LogFile(log()), () -> false), request, tail).copy();
        assertThat(tail).hasToString("middle\nlast\n");
    }

    private String fifo() throws Exception {
        var fifo = directory.resolve("go");
        new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();
        return fifo.toString();
    }

    private ContainerProcess start(String script, OptionalLong watched) {
        var launch = new ContainerProcess.Launch(
                new LaunchCommand(List.of("sh", "-c", script), environment()),
                directory,
                new LogFile(log()),
                mark,
                Optional.empty(),
                watched);
        return ContainerProcess.start(launch, deathWatch, NOW);
    }

    private HashMap<String, String> environment() {
        var environment = new HashMap<String, String>();
        environment.put("PATH", System.getenv("PATH"));
        environment.put(NodeContext.RUN_MARK, mark);
        return environment;
    }

    private Path log() {
        return directory.resolve("0.log");
    }
}
