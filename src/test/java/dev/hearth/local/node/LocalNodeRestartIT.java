package dev.hearth.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** LocalNode ends, by itself or by kill -9, and comes back. */
class LocalNodeRestartIT {
    private static TestCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = TestCluster.shared();
    }

    @AfterAll
    static void stop() {
        cluster.forgetPods();
    }

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s}
            spec:
              restartPolicy: Never
              volumes: [{name: session, emptyDir: {}}]
              containers:
                - name: main
                  image: hearth.test/tools:1
                  args: ["-c", "sleep %s & setsid sleep %s & sleep %s; true"]
            """;

    private static void create(String name, String seconds) {
        cluster.create(POD.formatted(name, seconds, seconds, seconds));
        cluster.awaitReady(name);
        TestCluster.patience()
                .until(() -> TestCluster.processesWith("sleep " + seconds).size() >= 3);
    }

    @Test
    void podsOfAnEarlierLifeAreLostAndDeletedOnesAreForgotten() {
        String uid;
        try (var _ = cluster.localNode()) {
            create("survivor", "621");
            create("deleted", "622");
            create("forced", "623");
            uid = Objects.requireNonNull(cluster.pod("forced")).getMetadata().getUid();
        }
        assertThat(TestCluster.processesWith("sleep 62")).isEmpty();
        assertThat(Objects.requireNonNull(cluster.pod("survivor")).getStatus().getPhase())
                .isEqualTo("Running");
        cluster.delete("deleted", 30);
        cluster.delete("forced", 0);

        try (var _ = cluster.localNode()) {
            var lost = cluster.awaitPhase("survivor", "Failed");
            assertThat(lost.getStatus().getReason()).isEqualTo("NodeLost");
            assertThat(lost.getStatus()
                            .getContainerStatuses()
                            .getFirst()
                            .getState()
                            .getTerminated()
                            .getReason())
                    .isEqualTo("ContainerStatusUnknown");
            cluster.awaitGone("deleted");
            assertThat(cluster.directory.resolve("node/pods/" + uid)).doesNotExist();
        }
    }

    @Test
    void killMinusNineLeavesNoProcess() throws Exception {
        var jvm = otherJvm();
        try {
            create("orphan", "631");

            jvm.destroyForcibly().waitFor();

            TestCluster.patience()
                    .until(() -> TestCluster.processesWith("sleep 631").isEmpty());
            var volumes = volumesOf("orphan");
            assertThat(volumes).isNotEmptyDirectory();
            try (var _ = cluster.localNode()) {
                assertThat(volumes).doesNotExist();
                cluster.awaitPhase("orphan", "Failed");
            }
        } finally {
            jvm.destroyForcibly();
        }
    }

    private static Path volumesOf(String name) {
        var uid = Objects.requireNonNull(cluster.pod(name)).getMetadata().getUid();
        return cluster.directory.resolve("node/pods").resolve(uid).resolve("volumes");
    }

    private static Process otherJvm() throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LocalNodeJvm.class.getName(),
                        cluster.plane.kubeconfig().toString(),
                        cluster.directory.toString()))
                .redirectErrorStream(true)
                .redirectOutput(cluster.directory.resolve("other.log").toFile())
                .start();
    }
}
