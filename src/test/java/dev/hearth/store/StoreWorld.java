package dev.hearth.store;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.ClaimStore;
import dev.hearth.claim.Connections;
import dev.hearth.claim.Deadlines;
import dev.hearth.claim.Directory;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionIds;
import dev.hearth.claim.SessionListener;
import dev.hearth.claim.SessionTerms;
import dev.hearth.pool.SupplyStore.Location;
import dev.hearth.pool.SupplyStore.NewBrowser;
import dev.hearth.pool.SupplyStore.Slot;
import dev.hearth.testing.SimulatedBrowsers;
import dev.hearth.testing.postgres.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Stores on a test's own database, and the things tests do with them. */
final class StoreWorld implements AutoCloseable {
    static final SessionTerms TERMS = new SessionTerms(
            Duration.ofMinutes(5), null, Duration.ofMinutes(1), Duration.ofSeconds(30), false, Connections.SHARED);

    private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

    static {
        FLYWAY.setLevel(Level.WARNING);
    }

    final TestDatabase database;
    Stores stores;
    final long epoch;

    private StoreWorld(TestDatabase database) {
        this.database = database;
        this.stores = Stores.open(StoreSettings.single(settings(database)));
        this.epoch = stores.supply().lead("operator");
    }

    static StoreWorld on(TestDatabase database) {
        return new StoreWorld(database);
    }

    /** Without what earlier tests of the class left. */
    StoreWorld emptied() throws SQLException {
        execute("""
                TRUNCATE hearth.browser, hearth.session, hearth.session_history, hearth.session_connection, hearth.idempotency,
                         hearth.project_counter, hearth.pool_counter, hearth.liveness
                """);
        return this;
    }

    static DatabaseSettings settings(TestDatabase database) {
        return database.address().patiently(32);
    }

    /** A project without a limit and a pool of it. */
    UUID pool(String name, @Nullable Integer maxSessions) {
        var id = UUID.randomUUID();
        stores.directory().putProject(new Directory.Project("shop", null, null));
        stores.directory()
                .putPool(new Directory.Pool(
                        id, "shop", name, "eu-west", List.of(), List.of(), TERMS, true, maxSessions));
        return id;
    }

    List<NewBrowser> warm(UUID pool, String name, int count) {
        var browsers = stores.supply().reserve(new Slot(pool, "shop", name, "eu-west", "r1"), count, epoch);
        for (var browser : browsers) {
            stores.supply().warm(browser.id(), location(browser), epoch);
        }
        return browsers;
    }

    static Location location(NewBrowser browser) {
        return new Location("uid-" + browser.podName(), "127.0.0.1:9222", "");
    }

    /** Straight into the table, for tests that need very many. */
    void simulateWarm(UUID pool, int count) {
        SimulatedBrowsers.insert(database.address(), pool, "shop", "sim", "eu-west", "127.0.0.1:1", count);
    }

    ClaimRequest request(UUID pool) {
        return request(pool, TERMS);
    }

    ClaimRequest request(UUID pool, SessionTerms terms) {
        return new ClaimRequest(
                sessionId(), "shop", List.of(new ClaimRequest.Candidate(pool, "eu-west", terms)), null, "{}", null);
    }

    Upkeep upkeep() {
        return stores.upkeep().getFirst().upkeep();
    }

    GatewayRegistry gateways() {
        return stores.upkeep().getFirst().gateways();
    }

    Deadlines.OfShard deadlines() {
        return stores.deadlines().shards().getFirst();
    }

    UUID sessionId() {
        return SessionIds.mint(stores.virtualShard("eu-west"), Instant.now());
    }

    List<ClaimOutcome> claim(ClaimRequest... requests) {
        return stores.claims("eu-west").claim(List.of(requests));
    }

    Session claimed(ClaimRequest request) {
        return ((ClaimOutcome.Granted) claim(request).getFirst()).session();
    }

    /**
     * From now on the database's deadlines believe that it is so much later; the sweep is told that it never paused, and that
     * however long this machine takes until it sweeps.
     */
    void passTime(Duration later) throws SQLException {
        stores.close();
        execute(
                "ALTER DATABASE %s SET hearth.time_offset = '%d ms'".formatted(database.name(), later.toMillis()),
                "INSERT INTO hearth.sweep (swept_at, grace_until) VALUES (clock_timestamp() + interval '1 minute', '-infinity')"
                        + " ON CONFLICT (only_row) DO UPDATE SET swept_at = EXCLUDED.swept_at, grace_until = EXCLUDED.grace_until");
        stores = Stores.connect(StoreSettings.single(settings(database)), SessionListener.NOBODY);
    }

    void execute(String... statements) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** 64 clients at once, 20 claims each; what they get they hold for a moment. */
    void claimAndGiveBack(ClaimStore claims, UUID pool, ClaimHistory history) throws Exception {
        Clients.run(64, client -> {
            for (var i = 0; i < 20; i++) {
                if (claims.claim(List.of(request(pool))).getFirst()
                        instanceof ClaimOutcome.Granted(var session, var _)) {
                    var holding = history.claimed(session.browser(), session.id());
                    Thread.yield();
                    holding.givesBack();
                    stores.sessions().end(session.id(), "shop", EndReason.RELEASED);
                }
            }
        });
    }

    List<String> strings(String sql) {
        return database.address().strings(sql);
    }

    @Override
    public void close() {
        stores.close();
    }
}
