package dev.hearth.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.app.CdpClient;
import dev.hearth.testing.Answers;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a user of a real cluster does first: installs the chart, claims, browses, scales, changes the image. */
class BrowseClusterE2E {
    private static TestCluster cluster;

    @BeforeAll
    static void deploy() {
        cluster = TestCluster.deployed();
    }

    @Test
    @Answers("steel-browser#72")
    void eachRegionServesItsOwnClaims() throws Exception {
        for (var region : TestCluster.REGIONS) {
            var api = cluster.api();
            var session = api.claim("{\"region\":\"" + region + "\",\"keepAlive\":true}");
            assertThat(session.region()).isEqualTo(region);
            var node = cluster.kubectl("get", "pod", cluster.claimedPod(region), "-o", "jsonpath={.spec.nodeName}");
            assertThat(node).isEqualTo("node-" + region);
            api.release(session);
            cluster.awaitWarm(region, 2, TestCluster.PATIENCE);
        }
    }

    @Test
    @Answers("chrome-headless-browser-docker#55")
    void playwrightOutsideTheClusterClaimsAndBrowses() {
        var seen = cluster.node("playwright.mjs", "ws");

        assertThat(seen.path("title").asText()).isEqualTo("local page");
        assertThat(seen.path("text").asText()).isEqualTo("clicked");
        assertThat(seen.path("png").asBoolean()).isTrue();
        assertThat(seen.path("over").asText()).isEqualTo("COMPLETED");
    }

    @Test
    void kubectlAloneGetsASessionWithAUrlThatWorks() throws Exception {
        cluster.apply("""
                apiVersion: hearth.dev/v1alpha1
                kind: BrowserSession
                metadata: {name: mine, namespace: hearth}
                spec: {poolRef: {name: local}}
                """);
        cluster.kubectl("wait", "bs/mine", "--for=condition=Ready", "--timeout=180s");
        var inside = URI.create(new String(
                Base64.getDecoder()
                        .decode(cluster.kubectl("get", "secret", "mine-connect", "-o", "jsonpath={.data.url}")),
                StandardCharsets.UTF_8));
        assertThat(inside.getHost()).isEqualTo("hearth.hearth.svc");

        // The URL is for clients in the cluster; from here the same path and token lead to the same session.
        var url = URI.create(cluster.api().url().toString().replace("http", "ws") + inside.getRawPath() + "?"
                + inside.getRawQuery());
        try (var http = HttpClient.newHttpClient();
                var browser = CdpClient.connect(http, url)) {
            assertThat(browser.attachToFirstPage()).isNotEmpty();
        }
        cluster.kubectl("delete", "bs", "mine", "--timeout=60s");
    }

    @Test
    void scaleIsFollowedUpAndDown() {
        cluster.kubectl("scale", "bp/eu-west", "--replicas=4");
        cluster.awaitWarm("eu-west", 4, TestCluster.PATIENCE);
        cluster.kubectl("scale", "bp/eu-west", "--replicas=2");
        Awaitility.await("two pods of eu-west")
                .atMost(TestCluster.PATIENCE)
                .until(() -> cluster.pods("eu-west").size() == 2);
    }

    @Test
    @Answers("cloudflare-evicted")
    void aNewImageReplacesWarmBrowsersAndLeavesClaimedOnes() throws Exception {
        cluster.inside("for s in /run/containerd-*/containerd.sock; do ctr --address $s -n k8s.io images tag --force"
                + " hearth.dev/browser:0.1.0 hearth.dev/browser:next; done");
        cluster.pool("rolling", "local", 2, 5, "");
        var api = cluster.api();
        try (var held = new HeldPage(api, api.keep("rolling"))) {
            var claimed = cluster.claimedPod("rolling");
            cluster.kubectl(
                    "patch",
                    "bp",
                    "rolling",
                    "--type=merge",
                    "-p",
                    "{\"spec\":{\"browser\":{\"image\":\"hearth.dev/browser:next\"}}}");

            Awaitility.await("the new image in every browser but the claimed one")
                    .atMost(TestCluster.PATIENCE)
                    .until(() -> images("rolling").equals("hearth.dev/browser:next hearth.dev/browser:next"));
            assertThat(cluster.kubectl("get", "pod", claimed, "-o", "jsonpath={.spec.containers[*].image}"))
                    .isEqualTo("hearth.dev/browser:0.1.0");
            held.assertLives();
        } finally {
            cluster.deletePool("rolling");
        }
    }

    private static String images(String pool) {
        return cluster.kubectl(
                        "get",
                        "pods",
                        "-l",
                        "hearth.dev/state=warm,hearth.dev/pool=" + pool,
                        "-o",
                        "jsonpath={.items[*].spec.containers[*].image}")
                .strip();
    }

    @Test
    void theChartsOwnTestPasses() {
        assertThat(cluster.helm("test", "hearth", "--timeout", "2m")).contains("Phase:", "Succeeded");
    }
}
