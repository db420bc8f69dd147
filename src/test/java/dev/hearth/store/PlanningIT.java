package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.EndReason;
import dev.hearth.claim.HeartbeatStore.Health;
import dev.hearth.claim.HeartbeatStore.Report;
import dev.hearth.testing.SimulatedBrowsers;
import dev.hearth.testing.postgres.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PlanningIT {
    private static final int TIMES = 10;

    private static final int BATCH = 200;
    private static final Pattern REMOVED = Pattern.compile("Rows Removed by (?:Join )?Filter: ([0-9]+)");

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    /** One whose plan for known values looks cheaper than one for any: PostgreSQL by itself plans it each time. */
    private static final String STATEMENT = """
            SELECT id FROM unnest(ARRAY[?::int]) AS asked (id) CROSS JOIN generate_series(1, 2)
            """;

    @Test
    void aStatementIsPlannedOnceForAllItsArguments() {
        try (var world = StoreWorld.on(DATABASE);
                var database = Database.open(StoreWorld.settings(DATABASE), "hearth")) {
            assertThat(database.sql().reading(PlanningIT::plannedAnew)).isEqualTo("0 of " + (TIMES - 1));
        }
    }

    /** Plans are made while the tables are empty, as on a new installation, and go on while they fill. */
    @Test
    void noClaimEndingOrBeatReadsAWholeTable() throws Exception {
        try (var world = StoreWorld.on(DATABASE).emptied()) {
            var pool = world.pool("web", null);
            world.execute("VACUUM (ANALYZE)");
            world.simulateWarm(pool, 20);
            var before = scans(world);
            for (var n = 0; n < TIMES; n++) {
                var session = world.claimed(world.request(pool));
                world.stores
                        .heartbeats()
                        .record(List.of(new Report(
                                session.browser(),
                                SimulatedBrowsers.POD_UID,
                                1,
                                Health.READY,
                                Optional.of(session.id()),
                                session.epoch(),
                                0,
                                false,
                                false,
                                0,
                                0)));
                world.stores.sessions().end(session.id(), session.project(), EndReason.RELEASED);
            }
            // A connection with nothing to do tells its counts after 10 s.
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> world.strings(
                                    "SELECT n_tup_del >= %d FROM pg_stat_user_tables WHERE relname = 'session'"
                                            .formatted(TIMES))
                            .equals(List.of("t")));
            assertThat(scans(world)).isEqualTo(before);
        }
    }

    /** Planned while there are few browsers and one session, and run for a batch of hundreds beside hundreds of sessions. */
    @Test
    void noBeatIsComparedWithAnotherNorWithTheSessionsOfOthers() throws Exception {
        try (var world = StoreWorld.on(DATABASE).emptied();
                var database = Database.open(StoreWorld.settings(DATABASE), "hearth")) {
            var pool = world.pool("web", null);
            world.simulateWarm(pool, 10);
            world.claimed(world.request(pool));
            world.execute("VACUUM (ANALYZE)");
            var plan = database.sql().reading(statements -> {
                try (var beats = statements.connection().createStatement()) {
                    beats.execute(
                            "PREPARE beats(uuid, uuid[], text[], bigint[], bigint[], bigint[], bigint[], bigint[],"
                                    + " boolean[]) AS " + numbered(PostgresHeartbeatStore.RECORD));
                    beats.execute("EXPLAIN (ANALYZE) " + beatsOfAll(world));
                    world.simulateWarm(pool, BATCH);
                    for (var n = 0; n < BATCH / 2; n++) {
                        world.claimed(world.request(pool));
                    }
                }
                return String.join(
                        "\n", statements.query("EXPLAIN (ANALYZE) " + beatsOfAll(world), row -> row.getString(1)));
            });

            assertThat(REMOVED.matcher(plan)
                            .results()
                            .mapToInt(removed -> Integer.parseInt(removed.group(1)))
                            .sum())
                    .as(plan)
                    .isLessThanOrEqualTo(BATCH);
        }
    }

    private static String numbered(String statement) {
        var number = new AtomicInteger();
        return Pattern.compile("\\?").matcher(statement).replaceAll(_ -> "\\$" + number.incrementAndGet());
    }

    private static String beatsOfAll(StoreWorld world) throws SQLException {
        return world.strings("""
                        SELECT format('EXECUTE beats(NULL, %L, %L, %L, %L, %L, %L, %L, %L)', array_agg(id), array_agg(pod_uid),
                               array_agg(9), array_agg(epoch), array_agg(0), array_agg(0), array_agg(0), array_agg(true))
                          FROM hearth.browser
                        """).getFirst();
    }

    private static List<String> scans(StoreWorld world) throws SQLException {
        return world.strings("""
                SELECT relname || ' ' || seq_scan FROM pg_stat_user_tables
                 WHERE relname IN ('browser', 'session', 'session_history', 'liveness', 'project_counter', 'pool_counter')
                 ORDER BY relname
                """);
    }

    /** The first execution is not prepared on the server, and so not counted. */
    private static String plannedAnew(Sql.Statements statements) throws SQLException {
        for (var n = 0; n < TIMES; n++) {
            statements.query(STATEMENT, row -> row.getInt(1), n);
        }
        return statements
                .query(
                        "SELECT custom_plans || ' of ' || custom_plans + generic_plans FROM pg_prepared_statements WHERE statement LIKE '%asked (id)%'",
                        row -> row.getString(1))
                .getFirst();
    }
}
