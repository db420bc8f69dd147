package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimOutcome.Granted;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.Directory;
import dev.hearth.claim.EndReason;
import dev.hearth.testing.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ClaimRaceIT {
    private static final int PAIRS = 20_000;

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
    void twentyThousandClaimsGiveNoBrowserTwiceAndRefuseNoneThatIsFree() throws Exception {
        var pool = world.pool("race", null);
        world.simulateWarm(pool, 200);
        var left = new AtomicInteger(PAIRS);
        var refusals = new ConcurrentLinkedQueue<ClaimOutcome>();

        // 32 clients hold at most 32 × 5 = 160 of 200 browsers: whoever is refused is refused falsely
        Clients.run(32, client -> {
            try (var recycler = world.database.connect()) {
                while (left.get() > 0) {
                    var wishes = 1 + ThreadLocalRandom.current().nextInt(5);
                    var given = new ArrayList<UUID>();
                    left.addAndGet(-wishes);
                    for (var outcome : world.claim(requests(pool, wishes))) {
                        if (outcome instanceof Granted(var session, var _)) {
                            var holding = history.claimed(session.browser(), session.id());
                            holding.givesBack();
                            world.stores.sessions().end(session.id(), "shop", EndReason.RELEASED);
                            given.add(session.browser());
                        } else {
                            refusals.add(outcome);
                        }
                    }
                    recycle(recycler, given);
                }
            }
        });

        assertThat(history.claims()).isGreaterThanOrEqualTo(PAIRS);
        assertThat(history.doubles()).isEmpty();
        assertThat(refusals).isEmpty();
        assertThat(world.stores.upkeep().auditCounters()).isEmpty();
    }

    private ClaimRequest[] requests(UUID pool, int count) {
        var requests = new ArrayList<ClaimRequest>();
        for (var i = 0; i < count; i++) {
            requests.add(world.request(pool));
        }
        return requests.toArray(ClaimRequest[]::new);
    }

    /** New browsers take the places of the old ones. */
    private static void recycle(Connection connection, List<UUID> browsers) throws SQLException {
        try (var statement = connection.prepareStatement(
                "UPDATE hearth.browser SET state = 'WARM', claimable = true WHERE id = ANY (?) AND state = 'RETIRING'")) {
            statement.setArray(1, connection.createArrayOf("uuid", browsers.toArray()));
            assertThat(statement.executeUpdate()).isEqualTo(browsers.size());
        }
    }

    @Test
    void drainsAPoolToTheLastBrowserWithoutAFalseRefusal() throws Exception {
        var pool = world.pool("drain", null);
        world.simulateWarm(pool, 1_000);
        var refused = new AtomicInteger();

        Clients.run(16, client -> {
            for (var i = 0; i < 1_000 / 16 + 1; i++) {
                switch (world.claim(world.request(pool)).getFirst()) {
                    case Granted(var session, var _) -> history.claimed(session.browser(), session.id());
                    case ClaimOutcome.NoneWarm _ -> refused.incrementAndGet();
                    case ClaimOutcome.OverQuota _,
                            ClaimOutcome.KeyReused _,
                            ClaimOutcome.KeyInProgress _,
                            ClaimOutcome.Failed _ -> throw new AssertionError("unexpected");
                }
            }
        });

        assertThat(history.claims()).isEqualTo(1_000);
        assertThat(history.doubles()).isEmpty();
        assertThat(refused).hasValue(16 * (1_000 / 16 + 1) - 1_000);
    }

    @Test
    void keepsAQuotaOfTenUnderSixtyFourClients() throws Exception {
        var pool = world.pool("quota", null);
        world.simulateWarm(pool, 300);
        world.stores.directory().putProject(new Directory.Project("shop", 10, null));
        var granted = new AtomicInteger();

        Clients.run(64, client -> {
            for (var i = 0; i < 20; i++) {
                if (world.claim(world.request(pool)).getFirst() instanceof Granted(var session, var _)) {
                    granted.incrementAndGet();
                    var holding = history.claimed(session.browser(), session.id());
                    Thread.yield();
                    holding.givesBack();
                    world.stores.sessions().end(session.id(), "shop", EndReason.RELEASED);
                }
            }
        });

        assertThat(granted).hasValueGreaterThan(10);
        assertThat(history.most()).isLessThanOrEqualTo(10);
        assertThat(world.stores.upkeep().auditCounters()).isEmpty();
    }

    @Test
    void theCheckerSeesAQuotaThatCountsInsideTheClaim() throws Exception {
        var pool = world.pool("counted", null);
        world.simulateWarm(pool, 300);

        mutant("""
                WITH next AS (
                    SELECT id FROM hearth.browser WHERE pool_id = ? AND claimable
                       AND (SELECT count(*) FROM hearth.browser, pg_sleep(0.01) WHERE state = 'CLAIMED') < 10
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

    @Test
    void neverRetiresWhatIsBeingClaimed() throws Exception {
        var pool = world.pool("retire", null);
        var browsers = world.warm(pool, "retire", 200);
        var retired = new ConcurrentLinkedQueue<UUID>();

        Clients.run(8, client -> {
            if (client % 2 == 0) {
                for (var i = 0; i < 50; i++) {
                    if (world.claim(world.request(pool)).getFirst() instanceof Granted(var session, var _)) {
                        history.claimed(session.browser(), session.id());
                    }
                }
            } else {
                for (var browser : browsers) {
                    if (world.stores.supply().retire(browser.id(), world.epoch)) {
                        retired.add(browser.id());
                    }
                }
            }
        });

        assertThat(history.claims()).isPositive();
        var claimed = world.strings(
                "SELECT id FROM hearth.browser WHERE pool_id = '%s' AND state = 'CLAIMED'".formatted(pool));
        assertThat(claimed).hasSize(history.claims());
        assertThat(List.copyOf(retired).stream().map(UUID::toString)).doesNotContainAnyElementsOf(claimed);
    }
}
