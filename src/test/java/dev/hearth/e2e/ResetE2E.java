package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hearth.app.CdpClient;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A pool whose pods serve several sessions, one after the other. */
class ResetE2E {
    private static final int USES = 3;

    private final RunningHearth hearth = RunningHearth.shared();
    private final Pools pools = new Pools(hearth);
    private final String pool = "again-" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void onePodServesItsSessionsAndNoneFindsWhatAnotherLeft() throws Exception {
        hearth.apply("""
                apiVersion: hearth.dev/v1alpha1
                kind: BrowserPool
                metadata: {name: %s}
                spec:
                  region: local-east
                  replicas: 1
                  limits: {maxBrowsers: 1}
                  browser: {image: hearth.dev/browser:local}
                  reuse: Reset
                  reset: {maxUses: %d}
                """.formatted(pool, USES));
        pools.awaitWarm("default", pool, 1);
        var uid = pools.podUids("default", pool).getFirst();
        var chromes = new HashSet<String>();
        for (var use = 1; use <= USES; use++) {
            var asked = System.nanoTime();
            var session = hearth.claim("{\"pool\":\"" + pool + "\"}");
            System.out.println("use " + use + " claimed after "
                    + Duration.ofNanos(System.nanoTime() - asked).toMillis() + " ms");
            assertThat(pools.podUids("default", pool)).containsExactly(uid);
            chromes.add(visit(session));
            hearth.release(session.path("id").asText());
        }
        assertThat(chromes).as("processes of Chrome").hasSize(USES);

        Awaitility.await("another pod after %d sessions".formatted(USES))
                .atMost(Pools.PATIENCE)
                .until(() -> pools.podUids("default", pool), uids -> uids.size() == 1 && !uids.contains(uid));
        pools.awaitWarm("default", pool, 1);
        pools.delete("default", pool);
    }

    /** @return what tells this Chrome from every other */
    private String visit(JsonNode session) throws Exception {
        try (var browser = CdpClient.connect(
                hearth.http(), URI.create(session.path("connectUrl").asText()))) {
            assertThat(browser.call(null, "Storage.getCookies", Map.of()).path("cookies"))
                    .isEmpty();
            browser.call(
                    null,
                    "Storage.setCookies",
                    Map.of(
                            "cookies",
                            List.of(Map.of(
                                    "name",
                                    "left",
                                    "value",
                                    "behind",
                                    "domain",
                                    "shop.test",
                                    "expires",
                                    4102444800L))));
            assertThat(browser.call(null, "Storage.getCookies", Map.of()).path("cookies"))
                    .hasSize(1);
            return browser.call(null, "SystemInfo.getProcessInfo", Map.of())
                    .path("processInfo")
                    .findValuesAsText("id")
                    .getFirst();
        }
    }
}
