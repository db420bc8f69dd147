package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hearth.testing.postgres.TestDatabase;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The packaged gateway over two shards, at three regions' browsers; the line to the shard of one region can be cut. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // fields are set before all tests
class RegionsOnShardsIT {
    @RegisterExtension
    static final TestDatabase MAIN = new TestDatabase();

    @RegisterExtension
    static final TestDatabase FAR = new TestDatabase();

    private static final List<String> NEAR_REGIONS = List.of("ap", "eu");
    private static final String FAR_REGION = ShardedGateway.FAR_REGION;
    /** Also of the far region; where nothing is to be had there, another's will do. */
    private static final String ROAMING = "roaming";

    private static final ObjectMapper JSON = new ObjectMapper();

    private ShardedGateway gateway;
    private RetryingClient client;

    @BeforeAll
    void start() throws Exception {
        gateway = new ShardedGateway("shards", MAIN, FAR, "-Dhearth.store.acquire-timeout=8s");
        client = gateway.client();
        for (var region : NEAR_REGIONS) {
            gateway.pool(region, region, List.of(), null);
        }
        gateway.pool(FAR_REGION, FAR_REGION, List.of(), null);
        gateway.pool(ROAMING, FAR_REGION, List.of("eu"), null);
    }

    @BeforeEach
    void warm() {
        gateway.warm();
    }

    @AfterEach
    void everyBrowserWasGivenOnce() throws Exception {
        mend();
        for (var browsers : gateway.allBrowsers()) {
            assertThat(browsers.strings(
                            "SELECT browser_id FROM hearth.any_session GROUP BY browser_id HAVING count(*) > 1"))
                    .as("given to two")
                    .isEmpty();
        }
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void aClaimOfNoRegionGetsTheNearestThatIsThere() throws Exception {
        assertThat(region(claim("{}"))).isEqualTo(FAR_REGION);

        gateway.cut();
        // The first may still find out that it is away.
        await().atMost(Duration.ofSeconds(10)).until(() -> claim("{}").statusCode() == 201);
        for (var n = 0; n < 20; n++) {
            assertThat(region(claim("{}"))).isIn(NEAR_REGIONS);
        }

        mend();
        assertThat(region(claim("{}"))).isEqualTo(FAR_REGION);
    }

    @Test
    void aShardThatIsDownRefusesItsOwnRegionOnly() throws Exception {
        var stop = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var near = NEAR_REGIONS.stream()
                    .map(region -> threads.submit(claims(region, stop)))
                    .toList();
            var far = threads.submit(claims(FAR_REGION, stop));
            await().until(() -> sessions(FAR_REGION) > 20);
            gateway.cut();
            var before = sessions("eu");
            await().atMost(Duration.ofSeconds(30)).until(() -> sessions("eu") > before + 100);
            var refused = claim(of(FAR_REGION));
            mend();
            stop.set(true);

            for (var each : near) {
                assertThat(each.get().keySet())
                        .as("what its clients were answered")
                        .containsExactly(201);
            }
            assertThat(far.get().keySet()).isSubsetOf(201, 503);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("\"code\":\"store-unavailable\"");
        }
    }

    @Test
    void aRetryAfterAFallbackGetsTheSameSession() throws Exception {
        var wish = of(ROAMING);
        gateway.cut();
        // Of a claim that was under way nobody can know before the shard is back: this one comes when that is over.
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(claim(wish).body()).contains("\"region\":\"eu\""));
        var key = "retried-" + UUID.randomUUID();
        var first = client.post(wish, key).orElseThrow();
        assertThat(region(first)).isEqualTo("eu");

        mend();
        assertThat(id(client.post(wish, key).orElseThrow())).isEqualTo(id(first));
        assertThat(region(claim(wish))).isEqualTo(FAR_REGION);
    }

    /** How often each status came until it was told to stop. */
    private Callable<Map<Integer, Integer>> claims(String region, AtomicBoolean stop) {
        return () -> {
            var statuses = new HashMap<Integer, Integer>();
            while (!stop.get()) {
                statuses.merge(claim(of(region)).statusCode(), 1, Integer::sum);
            }
            return statuses;
        };
    }

    private static String of(String pool) {
        return "{\"pool\":\"" + pool + "\"}";
    }

    private HttpResponse<String> claim(String wish) throws InterruptedException {
        return client.post(wish, null).orElseThrow();
    }

    private void mend() throws InterruptedException {
        gateway.mend(FAR_REGION);
    }

    private int sessions(String region) {
        return Integer.parseInt(gateway.browsers(region)
                .strings("SELECT count(*) FROM hearth.any_session WHERE region = '" + region + "'")
                .getFirst());
    }

    private static String region(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body()).path("region").asText();
    }

    private static String id(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body()).path("id").asText();
    }
}
