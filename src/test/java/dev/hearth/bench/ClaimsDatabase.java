package dev.hearth.bench;

import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.Connections;
import dev.hearth.claim.Directory;
import dev.hearth.claim.SessionIds;
import dev.hearth.claim.SessionTerms;
import dev.hearth.claim.Sha256;
import dev.hearth.local.postgres.EmbeddedPostgres;
import dev.hearth.store.DatabaseSettings;
import dev.hearth.store.StoreSettings;
import dev.hearth.store.Stores;
import dev.hearth.store.bus.BusSettings;
import dev.hearth.testing.postgres.DatabaseAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;

/** One database of the benchmark's server with one pool of Hearth's, and the same number of the baselines' own rows. */
final class ClaimsDatabase implements AutoCloseable {
    static final String REGION = "eu";
    static final String PROJECT = "shop";
    static final String API_KEY = "key-of-the-claims-benchmark";
    static final String POOL = "bench";

    private static final SessionTerms TERMS = new SessionTerms(
            Duration.ofMinutes(5), null, Duration.ofMinutes(5), Duration.ofSeconds(30), true, Connections.SHARED);

    private final DatabaseAddress address;
    private final Stores stores;
    final UUID pool = UUID.randomUUID();

    ClaimsDatabase(EmbeddedPostgres server, String name) throws SQLException {
        try (var connection = DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        address = new DatabaseAddress(server.jdbcUrl(name), server.user(), server.password());
        stores = stores(BusSettings.DEFAULT);
        stores.directory().putProject(new Directory.Project(PROJECT, null, null));
        stores.directory().replaceKeys(PROJECT, List.of(new Directory.Key(Sha256.of(API_KEY), "key…")));
        stores.directory()
                .putPool(new Directory.Pool(pool, PROJECT, POOL, REGION, List.of(), List.of(), TERMS, true, null));
    }

    DatabaseAddress address() {
        return address;
    }

    /** With a bus as configured by default. */
    Stores stores() {
        return stores;
    }

    Stores stores(BusSettings bus) {
        return Stores.open(StoreSettings.single(DatabaseSettings.of(address.url(), address.user(), address.password()))
                .with(bus));
    }

    ClaimRequest request() {
        return new ClaimRequest(
                SessionIds.mint(stores.virtualShard(REGION), Instant.now()),
                PROJECT,
                List.of(new ClaimRequest.Candidate(pool, REGION, TERMS)),
                null,
                "{}",
                null);
    }

    /** Prepared and planned as Hearth's own connections are. */
    Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", address.user());
        properties.setProperty("password", address.password());
        properties.setProperty("currentSchema", "hearth");
        properties.setProperty("prepareThreshold", "2");
        properties.setProperty(
                "options",
                "-c plan_cache_mode=force_generic_plan -c jit=off"
                        + " -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c enable_material=off");
        return DriverManager.getConnection(address.url(), properties);
    }

    void stock(int rows) throws SQLException {
        execute(
                "CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA public",
                """
                INSERT INTO hearth.browser (id, pool_id, namespace, pool, region, pod_name, pod_uid, address, state,
                       claimable, revision, token_hash)
                SELECT gen_random_uuid(), '%s', '%s', '%s', '%s', 'sim-' || n, 'pod-uid', '127.0.0.1:1', 'WARM', true, 'r1', ''
                  FROM generate_series(1, %d) n
                """.formatted(pool, PROJECT, POOL, REGION, rows),
                """
                CREATE TABLE hearth.container (
                    sessionid uuid PRIMARY KEY,
                    region    text NOT NULL,
                    status    text NOT NULL,
                    spread    double precision NOT NULL DEFAULT random(),
                    data      text NOT NULL
                ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0)
                """,
                "CREATE INDEX ON hearth.container (region, spread) WHERE status = 'idle'",
                """
                INSERT INTO hearth.container (sessionid, region, status, data)
                SELECT id, region, 'idle', address FROM hearth.browser
                """);
        tidy();
    }

    /** The same start for every cell: nothing held, no dead rows, nothing left to write. */
    void tidy() throws SQLException {
        tidyRows();
        execute("CHECKPOINT");
    }

    /** Nothing held, no dead rows. What is left to write is written when PostgreSQL comes to it. */
    void tidyRows() throws SQLException {
        execute(
                "TRUNCATE hearth.session_history, hearth.session",
                """
                UPDATE hearth.browser SET state = 'WARM', claimable = true, session_id = NULL
                 WHERE state <> 'WARM' OR NOT claimable
                """,
                "UPDATE hearth.container SET status = 'idle' WHERE status <> 'idle'",
                "UPDATE hearth.project_counter SET live = 0",
                "UPDATE hearth.pool_counter SET live = 0",
                """
                VACUUM (ANALYZE) hearth.browser, hearth.container, hearth.project_counter, hearth.pool_counter,
                       hearth.session, hearth.session_history
                """);
    }

    /** Which browser each session had, live or over. */
    Map<UUID, UUID> browsers(List<UUID> sessions) throws SQLException {
        var found = new HashMap<UUID, UUID>();
        try (var connection = connect();
                var statement = connection.prepareStatement("""
                        SELECT id, browser_id FROM hearth.session WHERE id = ANY (?)
                         UNION ALL
                        SELECT id, browser_id FROM hearth.session_history WHERE id = ANY (?)
                        """)) {
            var ids = connection.createArrayOf("uuid", sessions.toArray());
            statement.setArray(1, ids);
            statement.setArray(2, ids);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getObject(1, UUID.class), rows.getObject(2, UUID.class));
                }
            }
        }
        return found;
    }

    /** Pages of shared memory that claims have touched since the last time, releases not counted. */
    long claimsBuffers() throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        WITH touched AS (
                            SELECT coalesce(sum(shared_blks_hit + shared_blks_read), 0)::bigint AS pages
                              FROM public.pg_stat_statements
                             WHERE query LIKE '%/* claim.%'
                               AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database()))
                        SELECT pages, public.pg_stat_statements_reset() FROM touched
                        """)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    List<String> strings(String sql) {
        return address.strings(sql);
    }

    void execute(String... statements) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() {
        stores.close();
    }
}
