package dev.hearth.store;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimOutcome.Granted;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.ClaimRequest.Candidate;
import dev.hearth.claim.ClaimRequest.Idempotency;
import dev.hearth.claim.ClaimStore;
import dev.hearth.claim.Directory;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionListener;
import dev.hearth.claim.Sha256;
import dev.hearth.pool.SupplyStore.NewBrowser;
import dev.hearth.pool.SupplyStore.Slot;
import dev.hearth.store.bus.BusSettings;
import dev.hearth.testing.postgres.DatabaseAddress;
import dev.hearth.testing.postgres.DatabaseLine;
import dev.hearth.testing.postgres.TestDatabase;
import java.net.URI;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Stores over two databases: region {@code eu} in the one that is the control database too, {@code us} in another at the
 * end of a line that can be cut. Each region has a pool.
 */
final class TwoShards implements AutoCloseable {
    static final String EU = "eu";
    static final String US = "us";

    final Map<String, UUID> pools = Map.of(EU, UUID.randomUUID(), US, UUID.randomUUID());
    final DatabaseLine toFar;
    final DatabaseAddress near;
    final DatabaseAddress far;
    final Stores stores;
    final long epoch;
    private final Database control;

    TwoShards(TestDatabase near, TestDatabase far) throws SQLException {
        this.near = near.address();
        this.far = far.address();
        this.toFar = new DatabaseLine(
                URI.create(far.jdbcUrl().substring("jdbc:".length())).getPort());
        this.stores = open();
        this.control = Database.open(settings(this.near.url(), this.near), Migrations.CONTROL.schema());
        this.epoch = stores.supply().lead("operator");
        this.near.execute("TRUNCATE hearth_control.reservation, hearth_control.pool");
        for (var shard : List.of(this.near, this.far)) {
            shard.execute("""
                    TRUNCATE hearth.browser, hearth.session, hearth.session_history, hearth.session_connection,
                             hearth.idempotency, hearth.project_counter, hearth.pool_counter, hearth.liveness
                    """);
        }
        project(null, null);
        for (var region : List.of(EU, US)) {
            stores.directory()
                    .putPool(new Directory.Pool(
                            pool(region), "shop", region, region, List.of(), List.of(), StoreWorld.TERMS, true, null));
        }
    }

    /** Another process of the same installation. */
    Stores open() {
        return Stores.open(settings(), SessionListener.NOBODY);
    }

    private StoreSettings settings() {
        return settings(far.url().replaceFirst(":[0-9]+/", ":" + toFar.port() + "/"));
    }

    /** @param farUrl by which way the far shard is reached */
    StoreSettings settings(String farUrl) {
        return new StoreSettings(
                settings(near.url(), near),
                Map.of("main", settings(near.url(), near), "far", settings(farUrl, far)),
                Map.of(US, "far"),
                "main",
                BusSettings.DEFAULT);
    }

    private static DatabaseSettings settings(String url, DatabaseAddress of) {
        return new DatabaseAddress(url, of.user(), of.password()).patiently(24);
    }

    UUID pool(String region) {
        var pool = pools.get(region);
        if (pool == null) {
            throw new IllegalArgumentException(region);
        }
        return pool;
    }

    void project(@Nullable Integer concurrency, @Nullable Integer perMinute) {
        stores.directory().putProject(new Directory.Project("shop", concurrency, null, perMinute));
    }

    List<NewBrowser> warm(String region, int count) {
        var browsers = stores.supply().reserve(new Slot(pool(region), "shop", region, region, "r1"), count, epoch);
        browsers.forEach(browser -> stores.supply().warm(browser.id(), StoreWorld.location(browser), epoch));
        return browsers;
    }

    /** Rows of warm browsers, past the code under test. */
    void fill(String region, int count) {
        var shard = region.equals(US) ? far : near;
        shard.execute("""
                INSERT INTO hearth.browser (id, pool_id, namespace, pool, region, pod_name, pod_uid, address, state,
                       claimable, revision, token_hash)
                SELECT overlay(gen_random_uuid()::text placing '8' || lpad(to_hex(%d), 3, '0') from 15)::uuid,
                       '%s', 'shop', '%s', '%s', 'sim-' || gen_random_uuid(), 'pod-uid', '127.0.0.1:1',
                       'WARM', true, 'r1', ''
                  FROM generate_series(1, %d)
                """.formatted(stores.virtualShard(region), pool(region), region, region, count));
    }

    /** For the first of these regions that has a browser. */
    ClaimRequest request(@Nullable String key, String... regions) {
        return new ClaimRequest(
                stores.claims().mint(regions[0], Instant.now()),
                "shop",
                Arrays.stream(regions)
                        .map(region -> new Candidate(pool(region), region, StoreWorld.TERMS))
                        .toList(),
                null,
                "{}",
                key == null ? null : new Idempotency(key, Sha256.of(key)));
    }

    ClaimOutcome claim(@Nullable String key, String... regions) {
        return stores.claims().claim(List.of(request(key, regions))).getFirst();
    }

    Session claimed(@Nullable String key, String... regions) {
        return ((Granted) claim(key, regions)).session();
    }

    Sql control() {
        return control.sql();
    }

    /** As it would be if each shard kept its own keys and limits only. */
    ClaimStore withoutReservations() {
        return new ShardedClaims(stores.shards(), Entrance.OPEN);
    }

    List<String> reservations() {
        return near.strings("SELECT session_id FROM hearth_control.reservation");
    }

    @Override
    public void close() {
        stores.close();
        control.close();
        toFar.close();
    }
}
