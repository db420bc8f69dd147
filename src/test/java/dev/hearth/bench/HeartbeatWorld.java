package dev.hearth.bench;

import dev.hearth.bench.fleet.FleetRows;
import dev.hearth.claim.Connections;
import dev.hearth.claim.Directory;
import dev.hearth.claim.SessionTerms;
import dev.hearth.claim.Sha256;
import dev.hearth.gateway.GatewayKeys;
import dev.hearth.local.postgres.EmbeddedPostgres;
import dev.hearth.store.DatabaseSettings;
import dev.hearth.store.StoreSettings;
import dev.hearth.store.Stores;
import dev.hearth.testing.postgres.DatabaseAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** One real PostgreSQL with Hearth's schema and a shop that may claim; emptied between cells. */
final class HeartbeatWorld implements AutoCloseable {
    static final String KEY = "key-of-the-fleets-shop";

    private static final SessionTerms TERMS = new SessionTerms(
            Duration.ofMinutes(30), null, Duration.ofMinutes(5), Duration.ofMinutes(5), false, Connections.SHARED);

    /** Half a million browsers and their liveness, with indexes, are 400 MB. Without it each beat would read its pages. */
    static final String MEMORY = "shared_buffers=1GB";

    private final EmbeddedPostgres server;
    private final Stores stores;
    private final Path key;
    private int spares;

    private HeartbeatWorld(EmbeddedPostgres server, Stores stores, Path key) {
        this.server = server;
        this.stores = stores;
        this.key = key;
    }

    static HeartbeatWorld start(Path home) throws IOException {
        var key = Files.createDirectories(home).resolve("gateway.pem");
        Files.deleteIfExists(key);
        GatewayKeys.generate(key);
        var server = EmbeddedPostgres.start(home.resolve("postgres"), 0, List.of(MEMORY));
        var stores = Stores.open(
                StoreSettings.single(DatabaseSettings.of(server.jdbcUrl(), server.user(), server.password())));
        stores.directory().putProject(new Directory.Project("shop", null, null));
        stores.directory().replaceKeys("shop", List.of(new Directory.Key(Sha256.of(KEY), "key…")));
        return new HeartbeatWorld(server, stores, key);
    }

    DatabaseAddress database() {
        return DatabaseAddress.of(server);
    }

    Path key() {
        return key;
    }

    Stores stores() {
        return stores;
    }

    /** Microseconds of the processors so far. */
    double postgresCpu() throws IOException {
        return CpuTime.ofPostgres(server.pid());
    }

    void pool(UUID id, String name) {
        stores.directory().putPool(new Directory.Pool(id, "shop", name, "eu", List.of(), List.of(), TERMS, true, null));
    }

    /** Browsers to be claimed and used up, numbered from the other end: they never beat. */
    void spare(UUID pool, String name, int count) throws SQLException {
        spares += count;
        new FleetRows(database(), pool, name).insert(Integer.MAX_VALUE - spares, count);
    }

    void clear() throws SQLException {
        new FleetRows(database(), UUID.randomUUID(), "").clear();
        spares = 0;
    }

    void execute(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        stores.close();
        server.close();
    }
}
