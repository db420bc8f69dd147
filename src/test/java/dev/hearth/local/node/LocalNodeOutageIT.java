package dev.hearth.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.local.ChildProcesses;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The API server hangs: pods live on, what waits for it waits, and closing does not. */
class LocalNodeOutageIT {
    @Test
    void podsOutliveAHangingApiServerAndClosingDoesNotWaitForIt() throws Exception {
        var cluster = TestCluster.shared();
        var node = cluster.localNode();
        try {
            cluster.client
                    .resource(new SecretBuilder()
                            .withNewMetadata()
                            .withName("outage")
                            .withNamespace("default")
                            .endMetadata()
                            .addToStringData("token", "651")
                            .build())
                    .create();
            cluster.create("""
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: steady}
                    spec:
                      restartPolicy: Never
                      initContainers:
                        - name: beside
                          image: hearth.test/tools:1
                          restartPolicy: Always
                          args: ["-c", "exec sleep $SECONDS_TO_SLEEP"]
                          env: [{name: SECONDS_TO_SLEEP, valueFrom: {secretKeyRef: {name: outage, key: token}}}]
                      containers:
                        - {name: main, image: "hearth.test/tools:1", command: [sleep, "652"]}
                    """);
            cluster.awaitReady("steady");

            ChildProcesses.signal(cluster.plane.apiServer(), "STOP");
            kill("sleep 651");
            TestCluster.patience()
                    .during(Duration.ofSeconds(4))
                    .until(() -> TestCluster.processesWith("sleep 652").size() == 1
                            && TestCluster.processesWith("sleep 651").isEmpty());
            ChildProcesses.signal(cluster.plane.apiServer(), "CONT");
            // The API server comes back with the pod as it was: ready already, and the restart not yet told.
            cluster.awaitPod(
                    "steady",
                    pod -> TestCluster.condition(pod, "Ready")
                            && pod.getStatus()
                                            .getInitContainerStatuses()
                                            .getFirst()
                                            .getRestartCount()
                                    == 1);

            ChildProcesses.signal(cluster.plane.apiServer(), "STOP");
            kill("sleep 652");
            long before = System.nanoTime();
            node.close();
            // The API server stays stopped until the end: a close that waited for it would not return before.
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(30));
            assertThat(TestCluster.processesWith("sleep 65")).isEmpty();
        } finally {
            ChildProcesses.signal(cluster.plane.apiServer(), "CONT");
            node.close();
            cluster.forgetPods();
        }
    }

    private static void kill(String command) {
        TestCluster.processesWith(command).stream()
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .forEach(ProcessHandle::destroyForcibly);
    }
}
