package dev.hearth.bench;

import dev.hearth.testing.postgres.DatabaseAddress;
import java.sql.DriverManager;
import java.sql.SQLException;

/** What the database had done to a table of Hearth's at one instant, and written to its log. */
record PostgresUse(long rows, long updated, long hot, long dead, long tableBytes, long walBytes) {
    private static final String USE = """
            SELECT n_tup_ins + n_tup_upd, n_tup_upd, n_tup_hot_upd, n_dead_tup,
                   pg_total_relation_size(relid), pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint
              FROM pg_stat_user_tables
             WHERE relid = ('hearth.' || ?)::regclass
            """;

    static PostgresUse of(DatabaseAddress database, String table) throws SQLException {
        try (var connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                var query = connection.prepareStatement(USE)) {
            query.setString(1, table);
            try (var row = query.executeQuery()) {
                row.next();
                return new PostgresUse(
                        row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6));
            }
        }
    }

    /** Counters since then; what is a state stays as it is now. */
    PostgresUse since(PostgresUse before) {
        return new PostgresUse(
                rows - before.rows,
                updated - before.updated,
                hot - before.hot,
                dead,
                tableBytes,
                walBytes - before.walBytes);
    }

    /** Updates that stayed on their page and touched no index. */
    double hotShare() {
        return updated == 0 ? 1 : (double) hot / updated;
    }
}
