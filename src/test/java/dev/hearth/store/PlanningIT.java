package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.postgres.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PlanningIT {
    private static final int TIMES = 10;

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
