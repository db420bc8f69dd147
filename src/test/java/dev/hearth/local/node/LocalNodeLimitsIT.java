package dev.hearth.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.local.LocalFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What LocalNode will not do, says so; what its containers say, kubectl shows; Chromium runs as in a pod. */
class LocalNodeLimitsIT {
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
    void anUnsupportedFieldFailsThePodAndIsNamed() {
        cluster.create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: demanding}
                spec:
                  restartPolicy: Never
                  volumes: [{name: host, hostPath: {path: /etc}}]
                  containers: [{name: main, image: "hearth.test/tools:1"}]
                """);

        var pod = cluster.awaitPhase("demanding", "Failed");

        assertThat(pod.getStatus().getReason()).isEqualTo("Unsupported");
        assertThat(pod.getStatus().getMessage())
                .isEqualTo("spec.volumes[host].hostPath: directories of this machine are not offered to pods");
        cluster.delete("demanding", 30);
        cluster.awaitGone("demanding");
    }

    @Test
    void anUnknownImageIsAPullThatKeepsFailing() {
        cluster.create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: unknown-image}
                spec:
                  restartPolicy: Never
                  containers: [{name: main, image: "docker.io/library/nginx:1"}]
                """);

        var pod = cluster.awaitPod(
                "unknown-image",
                found -> found.getStatus().getContainerStatuses().stream()
                        .anyMatch(status -> status.getState().getWaiting() != null
                                && "ImagePullBackOff"
                                        .equals(status.getState().getWaiting().getReason())));

        assertThat(pod.getStatus().getPhase()).isEqualTo("Pending");
        assertThat(pod.getStatus()
                        .getContainerStatuses()
                        .getFirst()
                        .getState()
                        .getWaiting()
                        .getMessage())
                .contains("docker.io/library/nginx:1", "allowed images: [hearth.test/tools:*, hearth.test/chrome:*]");
        cluster.delete("unknown-image", 30);
        cluster.awaitGone("unknown-image");
    }

    @Test
    void anEmptyDirectoryOverItsLimitEvictsThePod() {
        cluster.create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: hoarder}
                spec:
                  restartPolicy: Never
                  volumes: [{name: scratch, emptyDir: {sizeLimit: 1Mi}}]
                  containers:
                    - name: main
                      image: hearth.test/tools:1
                      args: ["-c", "head -c 2000000 /dev/zero > /scratch/big; exec sleep 614"]
                      volumeMounts: [{name: scratch, mountPath: /scratch}]
                """);

        var pod = cluster.awaitPhase("hoarder", "Failed");

        assertThat(pod.getStatus().getReason()).isEqualTo("Evicted");
        assertThat(pod.getStatus().getMessage()).contains("\"scratch\"", "1048576");
        assertThat(TestCluster.processesWith("sleep 614")).isEmpty();
    }

    @Test
    void aSidecarThatDiesIsStartedAgain() {
        cluster.create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: shaky}
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 1
                  initContainers:
                    - {name: beside, image: "hearth.test/tools:1", restartPolicy: Always, args: ["-c", "sleep 0.3; exit 3"]}
                  containers:
                    - {name: main, image: "hearth.test/tools:1", command: [sleep, "615"]}
                """);

        var pod = cluster.awaitPod(
                "shaky",
                found -> found.getStatus().getInitContainerStatuses().stream()
                        .anyMatch(status -> status.getRestartCount() == 1
                                && status.getState().getWaiting() != null));

        var sidecar = pod.getStatus().getInitContainerStatuses().getFirst();
        assertThat(sidecar.getState().getWaiting().getReason()).isEqualTo("CrashLoopBackOff");
        assertThat(sidecar.getLastState().getTerminated().getExitCode()).isEqualTo(3);
        assertThat(pod.getStatus().getPhase()).isEqualTo("Running");
        cluster.delete("shaky", 1);
        cluster.awaitGone("shaky");
    }

    @Test
    void kubectlShowsTailsAndFollowsLogs() throws Exception {
        cluster.create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: talks}
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 1
                  volumes: [{name: gate, emptyDir: {}}]
                  containers:
                    - {name: quiet, image: "hearth.test/tools:1", command: [sleep, "616"]}
                    - name: loud
                      image: hearth.test/tools:1
                      args: ["-c", "echo one; echo two; echo three; until test -e /gate/go; do sleep 0.1; done; echo four; exec sleep 616"]
                      volumeMounts: [{name: gate, mountPath: /gate}]
                """);
        var uid = cluster.awaitReady("talks").getMetadata().getUid();
        TestCluster.patience()
                .until(() -> cluster.kubectl("logs", "talks", "-c", "loud").contains("three"));

        assertThat(cluster.kubectl("logs", "talks", "-c", "loud", "--tail", "2").lines())
                .endsWith("three")
                .hasSize(2);
        assertThat(cluster.kubectl("logs", "talks", "-c", "loud", "--timestamps"))
                .contains("not supported");
        assertThat(cluster.kubectl("logs", "talks", "-c", "quiet")).isEmpty();
        var follower = cluster.startKubectl("logs", "-f", "talks", "-c", "loud");
        try (var lines = new BufferedReader(new InputStreamReader(follower.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line : List.of("one", "two", "three")) {
                assertThat(lines.readLine()).isEqualTo(line);
            }
            Files.createFile(cluster.directory.resolve("node/pods/" + uid + "/volumes/gate/go"));
            assertThat(lines.readLine()).isEqualTo("four");
        }
        cluster.delete("talks", 1);
        assertThat(follower.waitFor()).isNotNegative();
    }

    @Test
    void aSecondNodeInTheSameDirectoryIsRefused() {
        Assertions.assertThatThrownBy(cluster::localNode)
                .isInstanceOf(LocalFailure.class)
                .hasMessageContaining("another local node already runs in")
                .hasMessageContaining("a directory of its own");
    }

    @Test
    void chromiumTellsItsPortInTheSharedDirectory() throws Exception {
        cluster.create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: browser}
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 5
                  volumes:
                    - {name: profile, emptyDir: {}}
                    - {name: dshm, emptyDir: {medium: Memory}}
                  initContainers:
                    - name: agent
                      image: hearth.test/tools:1
                      restartPolicy: Always
                      command:
                        - python3
                        - -uc
                        - |
                          import time, os, urllib.request
                          f = "/browser/profile/DevToolsActivePort"
                          while not os.path.exists(f): time.sleep(0.05)
                          port = open(f).read().split()[0]
                          print(urllib.request.urlopen("http://127.0.0.1:%s/json/version" % port).read().decode())
                          open("/browser/ready", "w").close()
                          time.sleep(600)
                      readinessProbe: {exec: {command: [sh, -c, "test -e /browser/ready"]}, periodSeconds: 1}
                      volumeMounts: [{name: profile, mountPath: /browser}]
                  containers:
                    - name: chrome
                      image: hearth.test/chrome:1
                      command: [chromium]
                      args: [--headless, --remote-debugging-port=0, --user-data-dir=/browser/profile, --no-first-run, "about:blank"]
                      resources: {limits: {memory: 1Gi}}
                      volumeMounts: [{name: profile, mountPath: /browser}, {name: dshm, mountPath: /dev/shm}]
                """);

        var pod = cluster.awaitReady("browser");

        assertThat(cluster.kubectl("logs", "browser", "-c", "agent")).contains("webSocketDebuggerUrl");
        assertThat(cluster.directory.resolve(
                        "node/pods/" + pod.getMetadata().getUid() + "/volumes/profile/profile/DevToolsActivePort"))
                .exists();
        var profile = cluster.directory.resolve("node/pods/" + pod.getMetadata().getUid() + "/volumes/profile/profile");
        var own = chromiumsWith(profile.toRealPath());
        assertThat(own).isNotEmpty();
        cluster.delete("browser", 5);
        cluster.awaitGone("browser");
        assertThat(TestCluster.processesWith("--user-data-dir=")).doesNotContainAnyElementsOf(own);
    }

    /** By the profile, which each names by a link of its own: other Chromiums may run on this machine. */
    private static List<Long> chromiumsWith(Path profile) {
        var argument = Pattern.compile("--user-data-dir=(\\S+)");
        return TestCluster.processesWith("--user-data-dir=").stream()
                .filter(pid -> argument.matcher(TestCluster.commandLine(pid))
                        .results()
                        .map(found -> Path.of(found.group(1)))
                        .anyMatch(path -> isSame(path, profile)))
                .toList();
    }

    private static boolean isSame(Path path, Path profile) {
        try {
            return Files.isSameFile(path, profile);
        } catch (IOException gone) {
            return false;
        }
    }
}
