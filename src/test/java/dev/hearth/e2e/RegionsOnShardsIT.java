package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hearth.claim.Directory;
import dev.hearth.claim.Sha256;
import dev.hearth.gateway.GatewayKeys;
import dev.hearth.store.DatabaseSettings;
import dev.hearth.store.StoreSettings;
import dev.hearth.store.Stores;
import dev.hearth.store.bus.BusSettings;
import dev.hearth.testing.FakeStore;
import dev.hearth.testing.GatewayProcess;
import dev.hearth.testing.SimulatedBrowsers;
import dev.hearth.testing.postgres.DatabaseAddress;
import dev.hearth.testing.postgres.DatabaseLine;
import dev.hearth.testing.postgres.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    private static final String KEY = "key-of-the-shop-with-shards";
    private static final List<String> NEAR_REGIONS = List.of("ap", "eu");
    private static final String FAR_REGION = "us";
    /** Also of the far region; where nothing is to be had there, another's will do. */
    private static final String ROAMING = "roaming";

    private static final int WARM = 1_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private DatabaseLine line;
    private Stores stores;
    private GatewayProcess gateway;
    private RetryingClient client;
    private final List<Directory.Pool> pools = new ArrayList<>();
    /** By pool: each writes where its pool is. */
    private final Map<String, SimulatedBrowsers> shards = new HashMap<>();

    @BeforeAll
    void start() throws Exception {
        line = new DatabaseLine(
                URI.create(FAR.jdbcUrl().substring("jdbc:".length())).getPort());
        stores = Stores.open(new StoreSettings(
                settings(MAIN.address()),
                Map.of("main", settings(MAIN.address()), "far", settings(FAR.address())),
                Map.of(FAR_REGION, "far"),
                "main",
                BusSettings.DEFAULT));
        stores.directory().putProject(new Directory.Project("shop", null, null));
        stores.directory().replaceKeys("shop", List.of(new Directory.Key(Sha256.of(KEY), "shop…")));
        var directory = Path.of("target/e2e/shards");
        Files.createDirectories(directory);
        var key = directory.resolve("gateway.pem");
        Files.deleteIfExists(key);
        GatewayKeys.generate(key);
        gateway = GatewayProcess.start(directory, MAIN.address(), key, FAR_REGION, options());
        client = new RetryingClient(gateway.port(), KEY, 0);
        for (var region : NEAR_REGIONS) {
            pool(region, region, List.of(), MAIN.address());
        }
        pool(FAR_REGION, FAR_REGION, List.of(), FAR.address());
        pool(ROAMING, FAR_REGION, List.of("eu"), FAR.address());
    }

    private static DatabaseSettings settings(DatabaseAddress of) {
        return new DatabaseSettings(of.url(), of.user(), of.password(), 8, DatabaseSettings.Timeouts.DEFAULT);
    }

    private List<String> options() {
        var far = FAR.address();
        var cut = far.url().replaceFirst(":[0-9]+/", ":" + line.port() + "/");
        return List.of(
                "-Xmx384m",
                "-Dhearth.store.shards.main.url=" + MAIN.address().url(),
                "-Dhearth.store.shards.main.user=" + MAIN.user(),
                "-Dhearth.store.shards.main.password=" + MAIN.password(),
                "-Dhearth.store.shards.far.url=" + cut,
                "-Dhearth.store.shards.far.user=" + far.user(),
                "-Dhearth.store.shards.far.password=" + far.password(),
                "-Dhearth.store.regions." + FAR_REGION + "=far");
    }

    private void pool(String name, String region, List<String> fallbacks, DatabaseAddress shard) {
        var pool = new Directory.Pool(
                UUID.randomUUID(), "shop", name, region, List.of(), fallbacks, FakeStore.TERMS, true, null);
        stores.directory().putPool(pool);
        pools.add(pool);
        shards.put(name, new SimulatedBrowsers(stores, shard));
    }

    /** Those of the test before may count as silent by now: nothing beats here. */
    @BeforeEach
    void warm() {
        for (var pool : pools) {
            browsers(pool.name()).warm(pool.id(), "shop", pool.name(), pool.region(), "127.0.0.1:1", WARM);
        }
    }

    private SimulatedBrowsers browsers(String pool) {
        return Objects.requireNonNull(shards.get(pool));
    }

    @AfterEach
    void everyBrowserWasGivenOnce() throws Exception {
        mend();
        for (var browsers : shards.values()) {
            assertThat(browsers.strings(
                            "SELECT browser_id FROM hearth.any_session GROUP BY browser_id HAVING count(*) > 1"))
                    .as("given to two")
                    .isEmpty();
        }
    }

    @AfterAll
    void stop() {
        gateway.close();
        shards.values().forEach(SimulatedBrowsers::close);
        stores.close();
        line.close();
    }

    @Test
    void aClaimOfNoRegionGetsTheNearestThatIsThere() throws Exception {
        assertThat(region(claim("{}"))).isEqualTo(FAR_REGION);

        line.cut();
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
            line.cut();
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
        line.cut();
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
        line.cut();
        line.mend();
        await().atMost(Duration.ofSeconds(20)).until(() -> claim(of(FAR_REGION)).statusCode() == 201);
    }

    private int sessions(String region) {
        return Integer.parseInt(browsers(region)
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
