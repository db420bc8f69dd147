package dev.hearth.e2e;

import static org.awaitility.Awaitility.await;

import dev.hearth.claim.Directory;
import dev.hearth.claim.Sha256;
import dev.hearth.gateway.GatewayKeys;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The packaged gateway over two shards, at the browsers of the regions that a test names: those of the far region, where the
 * gateway itself stands, are in a shard of their own, and the line to that can be cut.
 */
final class ShardedGateway implements AutoCloseable {
    static final String FAR_REGION = "us";
    static final String KEY = "key-of-the-shop-with-shards";

    private static final int WARM = 1_000;

    private final DatabaseAddress main;
    private final DatabaseAddress far;
    private final DatabaseLine line;
    private final Stores stores;
    private final GatewayProcess gateway;
    private final List<Directory.Pool> pools = new ArrayList<>();
    /** By pool: each writes where its pool is. */
    private final Map<String, SimulatedBrowsers> browsers = new HashMap<>();

    /** @param options settings of the gateway, as {@code -D…} */
    ShardedGateway(String directory, TestDatabase main, TestDatabase far, String... options) throws IOException {
        this.main = main.address();
        this.far = far.address();
        this.line = new DatabaseLine(
                URI.create(far.jdbcUrl().substring("jdbc:".length())).getPort());
        this.stores = Stores.open(new StoreSettings(
                main.address().patiently(8),
                Map.of("main", main.address().patiently(8), "far", far.address().patiently(8)),
                Map.of(FAR_REGION, "far"),
                "main",
                BusSettings.DEFAULT));
        stores.directory().putProject(new Directory.Project("shop", null, null));
        stores.directory().replaceKeys("shop", List.of(new Directory.Key(Sha256.of(KEY), "shop…")));
        var place = Path.of("target/e2e", directory);
        Files.createDirectories(place);
        var key = place.resolve("gateway.pem");
        Files.deleteIfExists(key);
        GatewayKeys.generate(key);
        this.gateway = GatewayProcess.start(
                place,
                this.main,
                key,
                FAR_REGION,
                Stream.concat(shards(), Stream.of(options)).toList());
    }

    private Stream<String> shards() {
        var cut = far.url().replaceFirst(":[0-9]+/", ":" + line.port() + "/");
        return Stream.of(
                "-Xmx384m",
                "-Dhearth.store.shards.main.url=" + main.url(),
                "-Dhearth.store.shards.main.user=" + main.user(),
                "-Dhearth.store.shards.main.password=" + main.password(),
                "-Dhearth.store.shards.far.url=" + cut,
                "-Dhearth.store.shards.far.user=" + far.user(),
                "-Dhearth.store.shards.far.password=" + far.password(),
                "-Dhearth.store.regions." + FAR_REGION + "=far");
    }

    Directory.Pool pool(String name, String region, List<String> fallbacks, Directory.@Nullable Share share) {
        var pool = new Directory.Pool(
                UUID.randomUUID(),
                "shop",
                name,
                region,
                List.of(),
                fallbacks,
                FakeStore.TERMS,
                true,
                null,
                false,
                share);
        stores.directory().putPool(pool);
        pools.add(pool);
        browsers.put(name, new SimulatedBrowsers(stores, region.equals(FAR_REGION) ? far : main));
        return pool;
    }

    /** A thousand more of each pool. Those of before may count as silent by now: nothing beats here. */
    void warm() {
        pools.forEach(pool -> warm(pool, WARM));
    }

    void warm(Directory.Pool pool, int count) {
        browsers(pool.name()).warm(pool.id(), "shop", pool.name(), pool.region(), "127.0.0.1:1", count);
    }

    SimulatedBrowsers browsers(String pool) {
        return Objects.requireNonNull(browsers.get(pool));
    }

    List<SimulatedBrowsers> allBrowsers() {
        return List.copyOf(browsers.values());
    }

    Stores stores() {
        return stores;
    }

    GatewayProcess process() {
        return gateway;
    }

    DatabaseAddress farDatabase() {
        return far;
    }

    RetryingClient client() {
        return new RetryingClient(gateway.port(), KEY, 0);
    }

    void cut() {
        line.cut();
    }

    /** @param pool of the far region: claimed from until it answers */
    void mend(String pool) throws InterruptedException {
        line.cut();
        line.mend();
        var client = client();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> client.post("{\"pool\":\"" + pool + "\"}", null)
                                .orElseThrow()
                                .statusCode()
                        == 201);
    }

    @Override
    public void close() {
        gateway.close();
        browsers.values().forEach(SimulatedBrowsers::close);
        stores.close();
        line.close();
    }
}
