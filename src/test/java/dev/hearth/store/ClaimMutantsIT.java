package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Claims that are wrong on purpose: if the checker of the races did not see them, it would prove nothing. */
class ClaimMutantsIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private final ClaimHistory history = new ClaimHistory();
    private StoreWorld world;

    @BeforeEach
    void open() throws SQLException {
        world = StoreWorld.on(DATABASE).emptied();
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void theCheckerSeesAQuotaThatCountsInsideTheClaim() throws Exception {
        var pool = world.pool("counted", null);
        world.simulateWarm(pool, 300);

        mutant("""
                WITH next AS (
                    SELECT id FROM hearth.browser WHERE pool_id = ? AND claimable
                       AND (SELECT count(*) FROM hearth.browser, pg_sleep(0.15) WHERE state = 'CLAIMED') < 10
                     ORDER BY spread LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
                UPDATE hearth.browser b SET state = 'CLAIMED', claimable = false, session_id = ?
                  FROM next WHERE b.id = next.id
                RETURNING b.id
                """, pool, 64);

        assertThat(history.most()).isGreaterThan(10);
    }

    private static final String SEEDS_ORDERED = """
            UPDATE hearth.browser SET state = 'CLAIMED', claimable = false, session_id = ?2
             WHERE id IN (SELECT id FROM hearth.browser WHERE pool_id = ?1 AND claimable ORDER BY spread LIMIT 1)
            RETURNING id
            """;

    @Test
    void theCheckerSeesTheStatementWithoutRowLocks() throws Exception {
        var pool = world.pool("mutant-a", null);
        world.simulateWarm(pool, 2_000);

        withoutUniqueIndexes(() -> mutant(numbered(SEEDS_ORDERED), pool, 16));

        assertThat(history.doubles()).isNotEmpty();
    }

    @Test
    void theCheckerSeesSelectThenUpdate() throws Exception {
        var pool = world.pool("mutant-b", null);
        world.simulateWarm(pool, 2_000);

        withoutUniqueIndexes(() -> Clients.run(16, client -> {
            try (var connection = world.database.connect()) {
                for (var i = 0; i < 40; i++) {
                    var browser = one(
                            connection,
                            "SELECT id FROM hearth.browser WHERE pool_id = ? AND claimable ORDER BY spread LIMIT 1",
                            pool);
                    var session = UUID.randomUUID();
                    if (browser != null) {
                        one(
                                connection,
                                "UPDATE hearth.browser SET state = 'CLAIMED', claimable = false, session_id = ?"
                                        + " WHERE id = ? RETURNING id",
                                session,
                                browser);
                        history.claimed(browser, session);
                    }
                }
            }
        }));

        assertThat(history.doubles()).isNotEmpty();
    }

    @Test
    void theUniqueIndexAloneTurnsDoublesIntoErrors() throws Exception {
        var pool = world.pool("mutant-c", null);
        world.simulateWarm(pool, 2_000);
        var errors = new AtomicInteger();

        Clients.run(16, client -> {
            try (var connection = world.database.connect()) {
                connection.setAutoCommit(false);
                for (var i = 0; i < 40; i++) {
                    var session = UUID.randomUUID();
                    try {
                        var browser = one(connection, numbered(SEEDS_ORDERED), pool, session);
                        if (browser != null) {
                            one(connection, INSERT_SESSION, session, browser);
                            connection.commit();
                            history.claimed(browser, session);
                        }
                    } catch (SQLException refused) {
                        assertThat(refused.getSQLState()).isEqualTo("23505");
                        connection.rollback();
                        errors.incrementAndGet();
                    }
                }
            }
        });

        assertThat(errors).hasPositiveValue();
        assertThat(history.doubles()).isEmpty();
    }

    private static final String INSERT_SESSION = """
            INSERT INTO hearth.session (id, browser_id, project, pool_id, namespace, pool, region, pod_name, pod_uid, address,
                   epoch, timeout_ms, connect_ms, reconnect_ms, keep_alive, connections, metadata,
                   started_at, updated_at, expires_at)
            VALUES (?, ?, 'shop', gen_random_uuid(), '', '', '', '', '', '', 1, 1, 1, 1, false, 'SHARED', '',
                   now(), now(), now() + interval '1 hour')
            RETURNING id
            """;

    /** Both parameters are used in the order pool, session, whatever order the statement has them in. */
    private static String numbered(String sql) {
        return "WITH p AS (SELECT ?::uuid AS pool, ?::uuid AS session) "
                + sql.replace("?1", "(SELECT pool FROM p)").replace("?2", "(SELECT session FROM p)");
    }

    private void mutant(String sql, UUID pool, int clients) throws Exception {
        Clients.run(clients, client -> {
            try (var connection = world.database.connect()) {
                for (var i = 0; i < 40; i++) {
                    var session = UUID.randomUUID();
                    var browser = one(connection, sql, pool, session);
                    if (browser != null) {
                        history.claimed(browser, session);
                    }
                }
            }
        });
    }

    private static @Nullable UUID one(Connection connection, String sql, Object... arguments) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (var i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            try (var rows = statement.executeQuery()) {
                return rows.next() ? rows.getObject(1, UUID.class) : null;
            }
        }
    }

    private void withoutUniqueIndexes(Body body) throws Exception {
        world.execute("DROP INDEX hearth.browser_session", "DROP INDEX hearth.session_browser");
        try {
            body.run();
        } finally {
            world.execute(
                    "CREATE UNIQUE INDEX browser_session ON hearth.browser (session_id) WHERE session_id IS NOT NULL",
                    "CREATE UNIQUE INDEX session_browser ON hearth.session (browser_id)");
        }
    }

    private interface Body {
        void run() throws Exception;
    }
}
