package dev.hearth.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Somebody's transaction that keeps what it saw. */
final class HeldSnapshot implements AutoCloseable {
    private final ClaimsDatabase database;
    private final Connection connection;

    private HeldSnapshot(ClaimsDatabase database, Connection connection) {
        this.database = database;
        this.connection = connection;
    }

    /** For as long as it likes: its role may change what the server would cut it off by. */
    static HeldSnapshot unbounded(ClaimsDatabase database) throws SQLException {
        var connection = database.connect();
        execute(connection, "SET transaction_timeout = 0");
        execute(connection, "SET idle_in_transaction_session_timeout = 0");
        return begun(database, connection);
    }

    /** As the server lets everybody. */
    static HeldSnapshot bounded(ClaimsDatabase database) throws SQLException {
        return begun(database, database.connect());
    }

    private static HeldSnapshot begun(ClaimsDatabase database, Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        execute(connection, "SELECT count(*) FROM hearth.browser");
        return new HeldSnapshot(database, connection);
    }

    /** How long until the server cut it off, from before this statement; null: it did not. @param sql empty: none */
    @Nullable
    Duration untilCut(String sql, Duration patience) throws SQLException {
        var backend = connection.unwrap(PGConnection.class).getBackendPID();
        var begun = System.nanoTime();
        if (!sql.isEmpty()) {
            try {
                execute(connection, sql);
            } catch (SQLException cut) {
                return Duration.ofNanos(System.nanoTime() - begun);
            }
        }
        while (System.nanoTime() - begun < patience.toNanos()) {
            // Asked by another: a question of its own would be the end of its idling.
            if (database.strings("SELECT pid FROM pg_stat_activity WHERE pid = " + backend)
                    .isEmpty()) {
                return Duration.ofNanos(System.nanoTime() - begun);
            }
            Laps.pause(Duration.ofMillis(100));
        }
        return null;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
