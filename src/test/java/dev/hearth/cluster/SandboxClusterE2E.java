package dev.hearth.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hearth.testing.Answers;
import dev.hearth.wire.Grant;
import dev.hearth.wire.GrantCodec;
import dev.hearth.wire.SigningKey;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a page, a neighbour and a forged pod cannot do. */
class SandboxClusterE2E {
    private static TestCluster cluster;

    @BeforeAll
    static void deploy() {
        cluster = TestCluster.deployed();
    }

    @Test
    void everyBrowserRunsInChromesOwnSandboxWithoutCapabilities() throws Exception {
        assertThat(cluster.kubectl("get", "ns", "hearth", "-o", "jsonpath={.metadata.labels}"))
                .contains("\"pod-security.kubernetes.io/enforce\":\"restricted\"");
        var api = cluster.api();
        for (var pool : TestCluster.REGIONS) {
            cluster.awaitWarm(pool, 2, TestCluster.PATIENCE);
            for (var pod : cluster.pods(pool)) {
                var status = cluster.kubectl(
                        "exec",
                        name(pod),
                        "-c",
                        "browser",
                        "--",
                        "grep",
                        "-E",
                        "^(CapEff|NoNewPrivs|Seccomp):",
                        "/proc/1/status");
                assertThat(status.replaceAll("\\s+", " "))
                        .isEqualTo("CapEff: 0000000000000000 NoNewPrivs: 1 Seccomp: 2 ");
            }
            var sessions = new ArrayList<Api.Session>();
            for (var n = 0; n < 2; n++) {
                var session = api.keep(pool);
                sessions.add(session);
                assertThat(sandboxPage(api, session)).contains("You are adequately sandboxed");
            }
            sessions.forEach(api::release);
        }
    }

    /** Chrome's own page about its sandbox, which is filled in after it was loaded. */
    private static String sandboxPage(Api api, Api.Session session) throws IOException {
        try (var browser = api.connect(session)) {
            var page = browser.attachToFirstPage();
            browser.call(page, "Page.navigate", Map.of("url", "chrome://sandbox"));
            return Awaitility.await("Chrome's word about its sandbox")
                    .atMost(TestCluster.PATIENCE)
                    .until(
                            () -> browser.call(
                                            page,
                                            "Runtime.evaluate",
                                            Map.of("expression", "document.body ? document.body.innerText : ''"))
                                    .path("result")
                                    .path("value")
                                    .asText(),
                            text -> text.contains("adequately") || text.contains("NOT"));
        }
    }

    @Test
    void aNeighbourWithoutAGatewaysSignatureReachesNoChrome() throws Exception {
        cluster.awaitWarm("local", 2, TestCluster.PATIENCE);
        var browser = cluster.pods("local").getFirst();
        var uid = browser.path("metadata").path("uid").asText();
        var address = browser.path("status").path("podIP").asText();
        neighbour();

        var forged = new Grant(
                Grant.Kind.CLIENT,
                uid,
                UUID.randomUUID(),
                1_000_000,
                UUID.randomUUID(),
                Instant.now().plusSeconds(60),
                false);
        var grant = GrantCodec.seal(forged, SigningKey.generate());
        var upgrade = "Upgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Version: 13\\r\\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n";
        for (var request : new String[][] {
            {"/json/version", ""},
            {"/json/list", ""},
            {"/devtools/browser", upgrade},
            {"/devtools/browser", upgrade + "Hearth-Grant: " + grant + "\\r\\n"},
            {"/devtools/browser", upgrade + "Hearth-Grant: " + grant.substring(0, grant.length() - 4) + "AAAA\\r\\n"},
        }) {
            var answer = ask(address, 9222, request[0], request[1]);
            assertThat(answer).as(request[0]).startsWith("HTTP/1.1 401").doesNotContain("101", "webSocketDebuggerUrl");
        }
        // Chrome's own port is on the pod's loopback.
        var port = cluster.kubectl(
                        "exec",
                        name(browser),
                        "-c",
                        "browser",
                        "--",
                        "head",
                        "-n",
                        "1",
                        "/browser/profile/DevToolsActivePort")
                .strip();
        assertThat(ask(address, Integer.parseInt(port), "/json/version", "")).contains("Connection refused");
        // The same words over the agent's own door with the right port work for a gateway: the browser is alive.
        cluster.awaitWarm("local", 2, TestCluster.PATIENCE);
        cluster.kubectl("delete", "pod", "neighbour", "--grace-period=1");
    }

    private static void neighbour() {
        cluster.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: neighbour, namespace: hearth}
                spec:
                  automountServiceAccountToken: false
                  securityContext: {runAsNonRoot: true, runAsUser: 10001, seccompProfile: {type: RuntimeDefault}}
                  containers:
                    - name: shell
                      image: hearth.dev/hearth:0.1.0
                      command: [sleep, "600"]
                      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                """);
        cluster.kubectl("wait", "pod/neighbour", "--for=condition=Ready", "--timeout=180s");
    }

    private static String ask(String address, int port, String path, String headers) {
        var said = cluster.tryKubectl(
                "exec",
                "neighbour",
                "--",
                "bash",
                "-c",
                "exec 3<>/dev/tcp/" + address + "/" + port + " && printf 'GET " + path + " HTTP/1.1\\r\\nHost: "
                        + address + ":" + port + "\\r\\n" + headers + "\\r\\n' >&3 && timeout 5 cat <&3");
        return said.output() + said.errors();
    }

    @Test
    void aHandMadePodWithCopiedLabelsIsNeverClaimed() throws Exception {
        cluster.pool("copied", "local", 2, 2, "");
        var real = cluster.pods("copied").stream().map(SandboxClusterE2E::name).toList();
        var labels = cluster.pods("copied")
                .getFirst()
                .path("metadata")
                .path("labels")
                .toString();
        cluster.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: copied-fake, namespace: hearth, labels: %s}
                spec:
                  automountServiceAccountToken: false
                  securityContext: {runAsNonRoot: true, runAsUser: 10001, seccompProfile: {type: RuntimeDefault}}
                  containers:
                    - name: browser
                      image: hearth.dev/hearth:0.1.0
                      command: [sleep, "600"]
                      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                """.formatted(labels));
        cluster.kubectl("wait", "pod/copied-fake", "--for=condition=Ready", "--timeout=180s");
        cluster.kubectl("wait", "bp/copied", "--for=jsonpath={.status.warm}=2", "--timeout=180s");

        var api = cluster.api();
        var first = api.keep("copied");
        var second = api.keep("copied");
        assertThat(api.post("/v1/sessions", "{\"pool\":\"copied\"}").statusCode())
                .isEqualTo(503);
        Awaitility.await("both real pods, and no other, to be claimed")
                .atMost(TestCluster.PATIENCE)
                .untilAsserted(() -> assertThat(cluster.kubectl(
                                        "get",
                                        "pods",
                                        "-l",
                                        "hearth.dev/pool=copied,hearth.dev/state=claimed",
                                        "-o",
                                        "jsonpath={.items[*].metadata.name}")
                                .split(" "))
                        .containsExactlyInAnyOrderElementsOf(real));
        api.release(first);
        api.release(second);
        cluster.kubectl("delete", "pod", "copied-fake", "--grace-period=1", "--ignore-not-found");
        cluster.deletePool("copied");
    }

    @Test
    void aNodeWithoutTheProfileIsNamedAndTheInstallerMendsIt() {
        var file = "/seccomp/hearth/hearth-chromium.json";
        cluster.inside("rm -f /var/lib/kubelet" + file + " /var/lib/kubelet-1" + file);
        cluster.wish("unprofiled", "local", 1, 1, "");
        var lacking = "jsonpath={.status.conditions[?(@.type=='Degraded')].reason}=SeccompProfileMissing";
        cluster.kubectl("wait", "bp/unprofiled", "--for=" + lacking, "--timeout=180s");
        assertThat(cluster.kubectl("get", "bp", "unprofiled", "-o", "jsonpath={.status.conditions[*].message}"))
                .contains("node "
                        + cluster.pods("unprofiled")
                                .getFirst()
                                .path("spec")
                                .path("nodeName")
                                .asText() + " lacks Chrome's seccomp profile hearth/hearth-chromium.json");
        cluster.tryKubectl("create", "namespace", "hearth-nodes");
        cluster.kubectl(
                "label", "--overwrite", "namespace", "hearth-nodes", "pod-security.kubernetes.io/enforce=privileged");
        cluster.helm(
                "upgrade",
                "hearth",
                "helm/hearth",
                "--reuse-values",
                "--wait",
                "--timeout",
                "5m",
                "--set",
                "seccompInstaller.enabled=true",
                "--set",
                "seccompInstaller.namespace=hearth-nodes");

        cluster.kubectl("-n", "hearth-nodes", "rollout", "status", "ds/hearth-seccomp", "--timeout=180s");

        // One container is both nodes: the installer's path is the first one's.
        assertThat(cluster.inside("cat /var/lib/kubelet" + file)).contains("SCMP_ACT_ERRNO", "unshare");
        cluster.inside("cp /var/lib/kubelet" + file + " /var/lib/kubelet-1" + file);
        cluster.kubectl("wait", "bp/unprofiled", "--for=jsonpath={.status.warm}=1", "--timeout=360s");
        cluster.deletePool("unprofiled");
        cluster.helm("upgrade", "hearth", "helm/hearth", "--reuse-values", "--set", "seccompInstaller.enabled=false");
        cluster.kubectl("delete", "namespace", "hearth-nodes", "--timeout=180s");
    }

    @Test
    @Answers("gowitness#94")
    void aPodThatServesAgainHasNoProcessAndNoFileOfTheSessionBefore() throws Exception {
        cluster.pool("again", "local", 1, 1, "reuse: Reset");
        var api = cluster.api();
        var pod = name(cluster.pods("again").getFirst());
        var session = api.keep("again");
        try (var browser = api.connect(session)) {
            assertThat(sandboxPage(api, session)).contains("You are adequately sandboxed");
            assertThat(browser.attachToFirstPage()).isNotEmpty();
        }
        inBrowser(pod, "for d in /browser /tmp /dev/shm; do mkdir $d/left && touch $d/left/behind $d/.left; done");
        inBrowser(pod, "sleep 54321 >/dev/null 2>&1 & exit 0");
        assertThat(inBrowser(pod, COMMANDS)).contains("54321");
        var chrome = inBrowser(pod, "cat /browser/profile/DevToolsActivePort");

        api.release(session);
        cluster.awaitWarm("again", 1, TestCluster.PATIENCE);

        var next = api.keep("again");
        assertThat(cluster.claimedPod("again")).isEqualTo(pod);
        assertThat(sandboxPage(api, next)).contains("You are adequately sandboxed");
        assertThat(inBrowser(pod, "cat /browser/profile/DevToolsActivePort")).isNotEqualTo(chrome);
        assertThat(inBrowser(pod, "ls -A /browser /tmp /dev/shm")).doesNotContain("left");
        assertThat(inBrowser(pod, COMMANDS)).contains("chrom").doesNotContain("54321");
        Awaitility.await("no defunct process to remain")
                .atMost(TestCluster.PATIENCE)
                .until(() -> !inBrowser(pod, "cat /proc/[0-9]*/stat").contains(") Z "));
        api.release(next);
        cluster.deletePool("again");
    }

    private static final String COMMANDS = "for c in /proc/[0-9]*/cmdline; do tr '\\0' ' ' <$c; done 2>/dev/null; true";

    private static String inBrowser(String pod, String command) {
        return cluster.kubectl("exec", pod, "-c", "browser", "--", "sh", "-c", command);
    }

    private static String name(JsonNode pod) {
        return pod.path("metadata").path("name").asText();
    }
}
