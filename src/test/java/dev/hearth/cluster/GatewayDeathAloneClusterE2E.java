package dev.hearth.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Answers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A gateway goes without a word; twenty browsers and seconds that count want a machine without other work. */
class GatewayDeathAloneClusterE2E {
    private static final int SESSIONS = 20;
    private static TestCluster cluster;

    @BeforeAll
    static void deploy() {
        cluster = TestCluster.deployed();
    }

    @Test
    @Answers("browserless-shutdown")
    void aKilledGatewaysSessionsFindTheirPagesAtTheOtherWithinThreeSeconds() throws Exception {
        cluster.pool("crowd", "eu-west", SESSIONS, SESSIONS, "resources: {requests: {cpu: 10m, memory: 64Mi}}");
        var api = cluster.api();
        var pages = new ArrayList<HeldPage>();
        try {
            for (var n = 0; n < SESSIONS; n++) {
                pages.add(new HeldPage(api, api.keep("crowd")));
            }
            var gateway = cluster.kubectl(
                    "get",
                    "pods",
                    "-l",
                    "app.kubernetes.io/component=gateway",
                    "-o",
                    "jsonpath={.items[0].metadata.name}");
            try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
                var back = pages.stream()
                        .map(page -> CompletableFuture.supplyAsync(() -> comesBack(page), clients))
                        .toList();
                cluster.kubectl("delete", "pod", gateway, "--grace-period=0", "--force");
                var cut = back.stream()
                        .map(CompletableFuture::join)
                        .filter(was -> was)
                        .count();
                assertThat(cut).as("sockets of the killed gateway").isBetween(1L, SESSIONS - 1L);
            }
            for (var page : pages) {
                page.assertLives();
            }
        } finally {
            pages.forEach(HeldPage::close);
            cluster.deletePool("crowd");
            cluster.kubectl("rollout", "status", "deploy/hearth-gateway", "--timeout=120s");
        }
    }

    /** As its client does: again by the same URL as soon as the socket breaks. Whether it broke at all. */
    private static boolean comesBack(HeldPage page) {
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(15))
                    .pollInterval(Duration.ofMillis(20))
                    .until(page::isCut);
        } catch (org.awaitility.core.ConditionTimeoutException atTheOtherGateway) {
            return false;
        }
        page.reconnect(Duration.ofSeconds(3));
        return true;
    }
}
