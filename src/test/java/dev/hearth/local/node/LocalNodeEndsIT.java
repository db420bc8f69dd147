package dev.hearth.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How pods end: by themselves, by a limit, by deletion. */
class LocalNodeEndsIT {
    private static TestCluster cluster;
    private static LocalNode node;

    @BeforeAll
    static void start() throws Exception {
        cluster = TestCluster.shared();
        node = cluster.localNode();
    }

    @AfterAll
    static void stop() {
        node.close();
        cluster.forgetPods();
    }

    @Test
    void aFailingMainContainerFailsThePodAndTakesTheSidecarAlong() {
        cluster.create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: fails}
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 2
                  initContainers:
                    - {name: beside, image: "hearth.test/tools:1", restartPolicy: Always, command: [sleep, "611"]}
                  containers:
                    - {name: main, image: "hearth.test/tools:1", args: ["-c", "echo reason >&2; exit 7"], terminationMessagePolicy: FallbackToLogsOnError}
                """);

        var pod = cluster.awaitPhase("fails", "Failed");

        var main = pod.getStatus().getContainerStatuses().getFirst().getState().getTerminated();
        assertThat(main.getExitCode()).isEqualTo(7);
        assertThat(main.getReason()).isEqualTo("Error");
        assertThat(main.getMessage()).isEqualTo("reason\n");
        var sidecar =
                pod.getStatus().getInitContainerStatuses().getFirst().getState().getTerminated();
        assertThat(sidecar.getExitCode()).isEqualTo(143);
        assertThat(TestCluster.processesWith("sleep 611")).isEmpty();
    }

    @Test
    void aPodWhoseMainContainersCompleteSucceeds() {
        cluster.create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: completes}
                spec:
                  restartPolicy: Never
                  containers:
                    - {name: main, image: "hearth.test/tools:1", args: ["-c", "exit 0"]}
                """);

        var pod = cluster.awaitPhase("completes", "Succeeded");

        assertThat(pod.getStatus()
                        .getContainerStatuses()
                        .getFirst()
                        .getState()
                        .getTerminated()
                        .getReason())
                .isEqualTo("Completed");
    }

    @Test
    void memoryOverTheLimitIsOomKilled() {
        cluster.create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: greedy}
                spec:
                  restartPolicy: Never
                  containers:
                    - name: main
                      image: hearth.test/tools:1
                      command: [python3, -c, "import time; x = bytearray(300 << 20); time.sleep(60)"]
                      resources: {limits: {memory: 64Mi}}
                """);

        var pod = cluster.awaitPhase("greedy", "Failed");

        var end = pod.getStatus().getContainerStatuses().getFirst().getState().getTerminated();
        assertThat(end.getReason()).isEqualTo("OOMKilled");
        assertThat(end.getExitCode()).isEqualTo(137);
        assertThat(end.getSignal()).isEqualTo(9);
    }

    @Test
    void aContainerDeafToTermIsKilledAfterItsGraceWithAllItsProcesses() {
        cluster.create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: deaf}
                spec:
                  restartPolicy: Never
                  containers:
                    - name: main
                      image: hearth.test/tools:1
                      args: ["-c", "trap '' TERM; sleep 612 & setsid sleep 612 & while true; do sleep 0.1; done"]
                """);
        cluster.awaitReady("deaf");
        TestCluster.patience()
                .until(() -> TestCluster.processesWith("sleep 612").size() >= 3);

        long before = System.nanoTime();
        cluster.delete("deaf", 2);
        cluster.awaitGone("deaf");

        assertThat(System.nanoTime() - before).isBetween(1_500_000_000L, 8_000_000_000L);
        assertThat(TestCluster.processesWith("sleep 612")).isEmpty();
    }

    @Test
    void aForcedDeletionLeavesNoProcess() {
        cluster.create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: forced}
                spec:
                  restartPolicy: Never
                  containers:
                    - {name: main, image: "hearth.test/tools:1", command: [sleep, "613"]}
                """);
        cluster.awaitReady("forced");

        cluster.delete("forced", 0);

        TestCluster.patience()
                .until(() -> TestCluster.processesWith("sleep 613").isEmpty());
    }
}
