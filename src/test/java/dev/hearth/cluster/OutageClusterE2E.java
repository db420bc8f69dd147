package dev.hearth.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Answers;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What goes on while a part is away, and how soon all is as it was. */
class OutageClusterE2E {
    private static final Duration CONVERGED = Duration.ofSeconds(60);
    /** Browsers of a pool of six warm ones: less than six are left for claims once eight are claimed. */
    private static final int MOST = 12;

    private static TestCluster cluster;

    @BeforeAll
    static void deploy() {
        cluster = TestCluster.deployed();
    }

    @Test
    @Answers("agent-sandbox#1454")
    void withoutAnOperatorForTwoMinutesClaimsAndSocketsGoOn() throws Exception {
        whileAway(
                "operator-away",
                Duration.ofMinutes(2),
                () -> {
                    cluster.kubectl("scale", "deploy/hearth-operator", "--replicas=0");
                    Awaitility.await("no operator")
                            .atMost(Duration.ofSeconds(60))
                            .until(() -> cluster.kubectl(
                                            "get", "pods", "-l", "app.kubernetes.io/component=operator", "-o", "name")
                                    .isBlank());
                },
                () -> cluster.kubectl("scale", "deploy/hearth-operator", "--replicas=1"));
    }

    @Test
    @Answers("agent-sandbox#1367")
    void withoutAnApiServerForAMinuteClaimsAndSocketsGoOn() throws Exception {
        whileAway(
                "api-away",
                Duration.ofSeconds(60),
                () -> cluster.inside("pkill -STOP -x kube-apiserver"),
                () -> cluster.inside("pkill -CONT -x kube-apiserver"));
    }

    /** Two sockets are held and a warm browser is claimed every sixth of the time; then supply must have caught up. */
    private static void whileAway(String pool, Duration time, Runnable goes, Runnable comes) throws IOException {
        cluster.pool(pool, "local", 6, MOST, "");
        var api = cluster.api();
        var claimed = new ArrayList<Api.Session>();
        try (var one = new HeldPage(api, api.keep(pool));
                var two = new HeldPage(api, api.keep(pool))) {
            cluster.awaitClaimed(pool, 2, TestCluster.PATIENCE);
            cluster.awaitWarm(pool, 6, TestCluster.PATIENCE);
            goes.run();
            try {
                var end = Instant.now().plus(time);
                for (var n = 0; n < 6; n++) {
                    claimed.add(api.keepAtOnce(pool));
                    var next = Instant.now().plus(time.dividedBy(6));
                    Awaitility.await("the next claim's turn, with both sockets alive")
                            .atMost(time)
                            .pollInterval(Duration.ofSeconds(1))
                            .until(() -> {
                                one.assertLives();
                                two.assertLives();
                                return Instant.now().isAfter(next);
                            });
                }
                assertThat(Instant.now()).isAfterOrEqualTo(end.minusMillis(1));
            } finally {
                comes.run();
            }
            awaitConverged(pool, 8, MOST - 8);
            cluster.awaitWarm(pool, MOST - 8, TestCluster.PATIENCE);
            one.assertLives();
            two.assertLives();
            claimed.forEach(api::release);
        } finally {
            cluster.deletePool(pool);
        }
    }

    /** The operator's part: claims are known and each browser has its pod. How soon Chromes start is this machine's. */
    private static void awaitConverged(String pool, int claimed, int others) {
        var back = Instant.now();
        Awaitility.await(pool + " to have " + claimed + " claimed browsers, " + others + " warm or on their way")
                .atMost(CONVERGED)
                .ignoreException(AssertionError.class)
                .until(() -> {
                    var status = TestCluster.json(cluster.kubectl("get", "bp", pool, "-o", "json"))
                            .path("status");
                    return status.path("claimed").asInt() == claimed
                            && status.path("warm").asInt()
                                            + status.path("starting").asInt()
                                    == others
                            && cluster.pods(pool).size() == claimed + others;
                });
        System.out.println(pool + " converged after "
                + Duration.between(back, Instant.now()).toMillis() + " ms");
    }

    @Test
    @Answers("docker-selenium#1423")
    void aDrainTakesWarmBrowsersAndLeavesClaimedOnes() throws Exception {
        cluster.awaitWarm("eu-west", 2, TestCluster.PATIENCE);
        var api = cluster.api();
        try (var held = new HeldPage(api, api.keep("eu-west"))) {
            var claimed = cluster.claimedPod("eu-west");
            var warm = cluster.pods("eu-west").stream()
                    .map(pod -> pod.path("metadata").path("name").asText())
                    .filter(name -> !name.equals(claimed))
                    .toList();
            var drain = cluster.tryKubectl(
                    "drain",
                    "node-eu-west",
                    "--force",
                    "--delete-emptydir-data",
                    "--disable-eviction=false",
                    "--pod-selector=hearth.dev/pool=eu-west",
                    "--timeout=20s");

            assertThat(drain.exitCode()).isNotZero();
            assertThat(drain.errors()).contains(claimed, "disruption budget");
            assertThat(cluster.kubectl("get", "pods", "-o", "name"))
                    .contains(claimed)
                    .doesNotContain(warm);
            held.assertLives();
        } finally {
            cluster.kubectl("uncordon", "node-eu-west");
        }
        cluster.awaitWarm("eu-west", 2, TestCluster.PATIENCE);
    }

    @Test
    void withoutPostgresClaimsAreRefusedSoonAndSocketsLiveOn() throws Exception {
        cluster.pool("database-away", "local", 6, 12, "");
        var api = cluster.api();
        try (var held = new HeldPage(api, api.keep("database-away"))) {
            cluster.kubectl("delete", "pod", "hearth-postgres-0", "--grace-period=1", "--wait=false");
            Awaitility.await("the database to be away")
                    .atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> !api.session(held.session().id()).has("id"));
            var refused = new ArrayList<Duration>();
            try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
                var others = IntStream.range(0, 4)
                        .mapToObj(_ -> clients.submit(() -> refusedUntilGranted(api, () -> {})))
                        .toList();
                refused.addAll(refusedUntilGranted(api, stillPromised(held)));
                for (var other : others) {
                    refused.addAll(other.get());
                }
            }
            refused.sort(null);
            assertThat(refused).as("claims that met no database").isNotEmpty();
            System.out.printf(
                    "without a database: %d claims refused, after %d ms (median) to %d ms%n",
                    refused.size(),
                    refused.get(refused.size() / 2).toMillis(),
                    refused.getLast().toMillis());
            assertThat(refused.getLast()).isLessThanOrEqualTo(Duration.ofSeconds(2));
            held.assertLives();
        } finally {
            cluster.deletePool("database-away");
        }
    }

    private interface Check {
        void run() throws IOException;
    }

    /** How long each refusal took before a claim was granted. */
    private static List<Duration> refusedUntilGranted(Api api, Check beforeEach) throws IOException {
        var refusals = new ArrayList<Duration>();
        while (true) {
            beforeEach.run();
            var asked = Instant.now();
            var answer = api.post("/v1/sessions", "{\"pool\":\"database-away\",\"keepAlive\":true}");
            if (answer.statusCode() == 201) {
                return refusals;
            }
            assertRefused(answer);
            refusals.add(Duration.between(asked, Instant.now()));
            assertThat(refusals).as("refusals without an end").hasSizeLessThan(20_000);
        }
    }

    private static Check stillPromised(HeldPage held) {
        var back = new AtomicReference<@Nullable Instant>();
        return () -> {
            held.assertLives();
            if (back.get() == null && isPostgresReady()) {
                back.set(Instant.now());
            }
            var since = back.get();
            assertThat(since == null ? Duration.ZERO : Duration.between(since, Instant.now()))
                    .as("without claims though the database is back")
                    .isLessThan(Duration.ofSeconds(10));
        };
    }

    private static void assertRefused(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.body()).contains("\"code\":\"store-unavailable\"");
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    private static boolean isPostgresReady() {
        return cluster.tryKubectl(
                        "get", "pod", "hearth-postgres-0", "-o", "jsonpath={.status.containerStatuses[0].ready}")
                .output()
                .equals("true");
    }
}
