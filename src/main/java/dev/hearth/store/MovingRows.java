package dev.hearth.store;

import dev.hearth.store.MoveLedger.LimitedPool;
import dev.hearth.store.Sql.Array;
import dev.hearth.store.Sql.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * One region's rows in one shard, as the mover sees them: past the fence, which is for everybody else. The connection knows
 * the region, so that statements that take no arguments do too.
 */
final class MovingRows {
    /** Whose rows are copied, and deleted, in this order; those that have no region have an id that carries it. */
    private static final List<Table> TABLES = List.of(
            new Table("browser", "region = current_setting('hearth.region')", ""),
            new Table("session", "region = current_setting('hearth.region')", ""),
            new Table("session_history", "region = current_setting('hearth.region')", "ended_at"),
            new Table("session_connection", of("session_id"), "started_at"),
            new Table("idempotency", of("session_id"), "created_at"),
            new Table("liveness", of("browser_id"), ""));

    /** The stripe of the movers alone, so that they wait for no claim and none for them. */
    private static final int STRIPE = 33;

    private final Connection connection;
    private final Statements statements;

    private MovingRows(Connection connection) {
        this.connection = connection;
        this.statements = new Statements(connection);
    }

    /** @param day the column that a day's partition is chosen by; empty: not partitioned */
    private record Table(String name, String rows, String day) {}

    private static String of(String id) {
        return "virtual_shard_of(" + id + ") = current_setting('hearth.virtual_shard')::integer";
    }

    private static final String SETTINGS = """
            SELECT /* move.settings */ set_config('hearth.mover', 'on', false), set_config('hearth.region', ?, false),
                   set_config('hearth.virtual_shard', ?, false)
            """;

    static MovingRows of(Connection connection, String region, int virtualShard) throws SQLException {
        var rows = new MovingRows(connection);
        rows.statements.query(SETTINGS, row -> row.getString(1), region, Integer.toString(virtualShard));
        return rows;
    }

    private static final String ADD_DAY = """
            SELECT /* move.add-day */ add_day_partition(?, ?, ?)
            """;

    /** Rows of a day without a partition would stay in the default one for good. */
    void makeRoomFor(MovingRows other) throws SQLException {
        for (var table : TABLES) {
            if (!table.day().isEmpty()) {
                for (var day : other.days(table)) {
                    statements.query(ADD_DAY, row -> row.getBoolean(1), table.name(), table.day(), day);
                }
            }
        }
    }

    private List<LocalDate> days(Table table) throws SQLException {
        return statements.query(
                "SELECT DISTINCT (%s AT TIME ZONE 'UTC')::date AS day FROM %s WHERE %s"
                        .formatted(table.day(), table.name(), table.rows()),
                row -> row.getObject("day", LocalDate.class));
    }

    private static final String RETURNED = """
            DELETE /* move.returned */ FROM departed WHERE region = current_setting('hearth.region')
            """;

    /** All or nothing. @return how many rows */
    long takeOver(MovingRows other, List<LimitedPool> pools) throws SQLException {
        return inTransaction(() -> {
            statements.update(RETURNED);
            var rows = 0L;
            for (var table : TABLES) {
                rows += copy(other, table);
            }
            count(pools, 1);
            return rows;
        });
    }

    /** All or nothing. @return how many rows */
    long clear() throws SQLException {
        return inTransaction(() -> {
            count(List.of(), -1);
            var rows = 0L;
            for (var table : TABLES) {
                rows += statements.update("DELETE FROM %s WHERE %s".formatted(table.name(), table.rows()));
            }
            return rows;
        });
    }

    private static final String COLUMNS = """
            SELECT /* move.columns */ attname
              FROM pg_attribute
             WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
             ORDER BY attnum
            """;

    private long copy(MovingRows other, Table table) throws SQLException {
        var columns = statements.query(COLUMNS, row -> SessionRows.text(row, "attname"), table.name());
        var values = columns.stream().map(column -> value(table, column)).toList();
        var out = other.copies()
                .copyOut("COPY (SELECT %s FROM %s WHERE %s) TO STDOUT"
                        .formatted(String.join(", ", values), table.name(), table.rows()));
        var in = copies().copyIn("COPY %s (%s) FROM STDIN".formatted(table.name(), String.join(", ", columns)));
        for (var line = out.readFromCopy(); line != null; line = out.readFromCopy()) {
            in.writeToCopy(line, 0, line.length);
        }
        return in.endCopy();
    }

    /**
     * How long browsers were silent, and idle, stays what it was at the fence: since then none could be heard. Nobody vouches
     * for them where they arrive: their next beats are written there.
     */
    private static String value(Table table, String column) {
        if (column.equals("vouched_by")) {
            return "NULL::uuid";
        }
        return table.name().equals("liveness") && column.endsWith("_at")
                ? column
                        + " + (SELECT hearth_now() - since FROM departed WHERE region = current_setting('hearth.region'))"
                : column;
    }

    private CopyManager copies() throws SQLException {
        return connection.unwrap(PGConnection.class).getCopyAPI();
    }

    private static final String PROJECT_STRIPES = """
            INSERT /* move.project-stripes */ INTO project_counter (project, stripe)
            SELECT p.project, s.stripe
              FROM (SELECT DISTINCT project FROM session WHERE region = current_setting('hearth.region')) p,
                   unnest(?::smallint[]) AS s (stripe)
             ORDER BY p.project, s.stripe
                ON CONFLICT DO NOTHING
            """;

    private static final String COUNT_PROJECTS = """
            INSERT /* move.count-projects */ INTO project_counter AS c (project, stripe, live)
            SELECT project, ?, ? * count(*)
              FROM session WHERE region = current_setting('hearth.region') GROUP BY project ORDER BY project
                ON CONFLICT (project, stripe) DO UPDATE SET live = c.live + EXCLUDED.live
            """;

    private static final String POOL_STRIPES = """
            INSERT /* move.pool-stripes */ INTO pool_counter (pool_id, stripe, live_limit)
            SELECT p.pool_id, s.stripe, p.live_limit
              FROM (SELECT * FROM unnest(?::uuid[], ?::integer[]) AS k (pool_id, live_limit)
                    UNION
                    SELECT DISTINCT pool_id, NULL::integer FROM session
                     WHERE region = current_setting('hearth.region') AND pool_id <> ALL (?::uuid[])) p,
                   unnest(?::smallint[]) AS s (stripe)
             ORDER BY p.pool_id, s.stripe
                ON CONFLICT (pool_id, stripe) DO UPDATE SET live_limit = EXCLUDED.live_limit
            """;

    private static final String COUNT_POOLS = """
            INSERT /* move.count-pools */ INTO pool_counter AS c (pool_id, stripe, live)
            SELECT pool_id, ?, ? * count(*)
              FROM session WHERE region = current_setting('hearth.region') GROUP BY pool_id ORDER BY pool_id
                ON CONFLICT (pool_id, stripe) DO UPDATE SET live = c.live + EXCLUDED.live
            """;

    /** @param sign 1: the sessions that are here came; -1: they go */
    private void count(List<LimitedPool> pools, int sign) throws SQLException {
        if (sign > 0) {
            var ids = Array.of("uuid", pools.stream().map(LimitedPool::id).toList());
            var limits = new ArrayList<@Nullable Integer>();
            pools.forEach(pool -> limits.add(pool.limit()));
            statements.update(PROJECT_STRIPES, Limits.stripes());
            statements.update(POOL_STRIPES, ids, Array.of("integer", limits), ids, Limits.stripes());
        }
        statements.update(COUNT_PROJECTS, STRIPE, sign);
        statements.update(COUNT_POOLS, STRIPE, sign);
    }

    private interface Change {
        long make() throws SQLException;
    }

    private long inTransaction(Change change) throws SQLException {
        connection.setAutoCommit(false);
        try {
            var rows = change.make();
            connection.commit();
            return rows;
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }
}
