package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.app.CdpClient;
import dev.hearth.testing.Answers;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a user of kubectl alone sees and does. */
class KubectlE2E {
    /** The promise: a dead or frozen browser leaves the warm set within this time. */
    private static final Duration NOTICED = Duration.ofSeconds(10);

    private final RunningHearth hearth = RunningHearth.shared();
    private final Pools pools = new Pools(hearth);
    private final String pool = "k-" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void getShowsRegionsAndCounts() {
        var table = hearth.kubectl("get", "bp");

        assertThat(table.lines().findFirst())
                .hasValueSatisfying(
                        header -> assertThat(header).contains("NAME", "REGION", "DESIRED", "WARM", "CLAIMED", "AGE"));
        assertThat(table).contains("local-east", "local-west");
    }

    @Test
    void scaleToFiveGivesFiveAndBackToOneGivesOne() {
        pools.create("default", pool, 1, 10);

        hearth.kubectl("scale", "bp/" + pool, "--replicas=5");
        pools.awaitWarm("default", pool, 5);
        assertThat(pools.pods("default", pool)).hasSize(5);

        hearth.kubectl("scale", "bp/" + pool, "--replicas=1");
        pools.awaitWarm("default", pool, 1);
        Awaitility.await()
                .atMost(Pools.PATIENCE)
                .until(() -> pools.pods("default", pool).size() == 1);
        pools.delete("default", pool);
    }

    @Test
    void aDeclaredSessionGivesAUrlThatWorks() throws Exception {
        hearth.apply("""
                apiVersion: hearth.dev/v1alpha1
                kind: BrowserSession
                metadata: {name: %s}
                spec:
                  selector: {region: local-east}
                  timeout: 5m
                  keepAlive: true
                """.formatted(pool));
        hearth.kubectl("wait", "bs/" + pool, "--for=condition=Ready", "--timeout=80s");
        var secret = hearth.kubectl("get", "bs", pool, "-o", "jsonpath={.status.secretName}");
        var url = new String(
                Base64.getDecoder().decode(hearth.kubectl("get", "secret", secret, "-o", "jsonpath={.data.url}")),
                StandardCharsets.UTF_8);
        assertThat(hearth.kubectl("get", "bs", pool, "-o", "yaml")).doesNotContain("token=");

        try (var browser = CdpClient.connect(hearth.http(), URI.create(url))) {
            var page = browser.attachToFirstPage();
            assertThat(browser.call(page, "Runtime.evaluate", Map.of("expression", "6 * 7"))
                            .path("result")
                            .path("value")
                            .asInt())
                    .isEqualTo(42);
        }
        hearth.kubectl("delete", "bs", pool, "--timeout=80s");
    }

    @Test
    @Answers("browserless#1122")
    void aKilledBrowserIsNoticedAndReplaced() {
        pools.create("default", pool, 1, 3);
        var before = pools.podUids("default", pool).getFirst();

        hearth.chrome(before).destroyForcibly();

        awaitReplaced(before);
        pools.delete("default", pool);
    }

    @Test
    @Answers("browserless#1122")
    void aFrozenBrowserIsNoticedAndReplaced() throws Exception {
        pools.create("default", pool, 1, 3);
        var before = pools.podUids("default", pool).getFirst();

        new ProcessBuilder("kill", "-STOP", Long.toString(hearth.chrome(before).pid()))
                .start()
                .waitFor();

        awaitReplaced(before);
        pools.delete("default", pool);
    }

    @Test
    void aRenderersDeathIsTheSessionsOwnMatter() throws Exception {
        pools.create("default", pool, 1, 3);
        var session = hearth.claim("{\"pool\":\"%s\",\"keepAlive\":true}".formatted(pool));
        var id = session.path("id").asText();
        try (var browser = CdpClient.connect(
                hearth.http(), URI.create(session.path("connectUrl").asText()))) {
            browser.attachToFirstPage();
            var uid = Awaitility.await()
                    .until(
                            () -> pools.pods("default", pool).stream()
                                    .filter(pod -> pod.path("metadata")
                                            .path("labels")
                                            .path("hearth.dev/state")
                                            .asText()
                                            .equals("claimed"))
                                    .map(pod -> pod.path("metadata").path("uid").asText())
                                    .findFirst(),
                            java.util.Optional::isPresent)
                    .orElseThrow();

            hearth.renderers(uid).forEach(ProcessHandle::destroyForcibly);

            var target = browser.call(null, "Target.createTarget", Map.of("url", "about:blank"));
            assertThat(target.path("targetId").asText()).isNotEmpty();
            assertThat(hearth.session(id).path("status").asText()).isEqualTo("RUNNING");
        }
        hearth.release(id);
        pools.delete("default", pool);
    }

    @Test
    void deletingAPoolLeavesItsClaimedBrowserAliveUntilItsSessionEnds() throws Exception {
        deletePoolUnderASession("--wait=false");
    }

    @Test
    void aForegroundDeleteLeavesTheClaimedBrowserToo() throws Exception {
        deletePoolUnderASession("--wait=false", "--cascade=foreground");
    }

    @Test
    void deletingANamespaceFinishes() {
        var namespace = "n-" + pool;
        hearth.kubectl("create", "namespace", namespace);
        pools.create(namespace, pool, 1, 3);

        hearth.kubectl("delete", "namespace", namespace, "--timeout=60s");

        assertThat(hearth.kubectl("get", "namespaces", "-o", "name")).doesNotContain(namespace);
    }

    private void deletePoolUnderASession(String... how) throws Exception {
        pools.create("default", pool, 1, 3);
        var session = hearth.claim("{\"pool\":\"%s\",\"keepAlive\":true}".formatted(pool));
        var id = session.path("id").asText();
        try (var browser = CdpClient.connect(
                hearth.http(), URI.create(session.path("connectUrl").asText()))) {
            var page = browser.attachToFirstPage();
            var command = new java.util.ArrayList<>(java.util.List.of("delete", "bp", pool));
            command.addAll(java.util.List.of(how));
            hearth.kubectl(command.toArray(String[]::new));

            // The warm ones go, the claimed one stays and answers.
            Awaitility.await()
                    .atMost(Pools.PATIENCE)
                    .until(() -> pools.pods("default", pool).size() == 1);
            assertThat(browser.call(page, "Runtime.evaluate", Map.of("expression", "'alive'"))
                            .path("result")
                            .path("value")
                            .asText())
                    .isEqualTo("alive");
            assertThat(hearth.session(id).path("status").asText()).isEqualTo("RUNNING");
        }
        hearth.release(id);
        Awaitility.await()
                .atMost(Pools.PATIENCE)
                .until(() -> !hearth.kubectl("get", "bp", "-o", "name").contains(pool));
    }

    private void awaitReplaced(String before) {
        Awaitility.await(before + " to be given to nobody any more")
                .atMost(NOTICED)
                .until(() -> hearth.database()
                        .strings("SELECT 1 FROM hearth.browser WHERE claimable AND pod_uid = '" + before + "'")
                        .isEmpty());
        Awaitility.await()
                .atMost(Pools.PATIENCE)
                .until(() -> pools.status("default", pool).path("warm").asInt() == 1
                        && pools.podUids("default", pool).size() == 1);
        assertThat(pools.podUids("default", pool)).doesNotContain(before);
    }
}
