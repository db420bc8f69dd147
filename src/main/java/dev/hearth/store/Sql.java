package dev.hearth.store;

import dev.hearth.claim.StoreException;
import dev.hearth.claim.StoreException.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** JDBC without its ceremony. Translates every {@link SQLException}, once, into what a caller may conclude. */
final class Sql {
    /**
     * How long work is begun anew on a pooled connection that turns out to be dead. Longer: a refusal comes late;
     * shorter: the first claims after a restart of Postgres are refused, one for each dead connection.
     */
    private static final Duration FRESH_START = Duration.ofSeconds(1);

    /** Deadlocks and the like were rolled back whole: again is safe. More often: a livelock goes unseen. */
    private static final int ROLLED_BACK = 3;

    private final DataSource connections;
    private final Reach reach;
    private final int maxConnections;
    private final LongSupplier nanoTime;

    /** @param maxConnections that are pooled */
    Sql(DataSource connections, Reach reach, int maxConnections) {
        this(connections, reach, maxConnections, System::nanoTime);
    }

    Sql(DataSource connections, Reach reach, int maxConnections, LongSupplier nanoTime) {
        this.connections = connections;
        this.reach = reach;
        this.maxConnections = maxConnections;
        this.nanoTime = nanoTime;
    }

    /** All or nothing. The work may run more than once, so it has no effects outside the database. */
    <T extends @Nullable Object> T inTransaction(Work<T> work) {
        return attempts(Mode.TRANSACTION, work);
    }

    /** One statement that is a transaction of its own: saves the commit's round trip. */
    <T extends @Nullable Object> T inOneStatement(Work<T> work) {
        return attempts(Mode.STATEMENT, work);
    }

    /** Statements that change nothing or may as well run twice, each for itself: an answer that is lost is lost harmlessly. */
    <T extends @Nullable Object> T reading(Work<T> work) {
        return attempts(Mode.READING, work);
    }

    private static final String WHOLE_TABLES = """
            SELECT /* whole-tables */ set_config('enable_seqscan', 'on', true), set_config('enable_hashjoin', 'on', true),
                   set_config('enable_mergejoin', 'on', true), set_config('enable_material', 'on', true),
                   set_config('plan_cache_mode', 'force_custom_plan', true)
            """;

    /**
     * As {@link #inTransaction}, for statements that are about all rows of a table: elsewhere their plans are barred. They are
     * planned each time, by how large the tables are now.
     */
    <T extends @Nullable Object> T surveying(Work<T> work) {
        return inTransaction(statements -> {
            statements.query(WHOLE_TABLES, row -> row.getString(1));
            return work.run(statements);
        });
    }

    private <T extends @Nullable Object> T attempts(Mode mode, Work<T> work) {
        reach.refuseUnprepared();
        var begun = nanoTime.getAsLong();
        for (var attempt = 1; ; attempt++) {
            try {
                var result = attempt(mode, work);
                reach.answered();
                return result;
            } catch (Failure failure) {
                var again = SqlStates.isRolledBack(failure.cause)
                        ? attempt < ROLLED_BACK
                        : failure.isStale() && isBegunAnew(failure, attempt, begun);
                if (!again) {
                    if (failure.isOutage()) {
                        reach.failed();
                    }
                    throw failure.translated();
                }
            }
        }
    }

    /**
     * A process that stood still meanwhile had no second: as often as connections can have been dead already. Not where an
     * attempt itself took long: so would the others.
     */
    private boolean isBegunAnew(Failure failure, int attempt, long begun) {
        return nanoTime.getAsLong() - begun < FRESH_START.toNanos()
                || (attempt <= maxConnections && !SqlStates.tookLong(failure.cause));
    }

    private <T extends @Nullable Object> T attempt(Mode mode, Work<T> work) throws Failure {
        var phase = Phase.CONNECTING;
        try (var connection = connections.getConnection()) {
            phase = mode == Mode.STATEMENT ? Phase.COMMITTING : Phase.WORKING;
            connection.setAutoCommit(mode != Mode.TRANSACTION);
            try {
                var result = work.run(new Statements(connection));
                if (mode == Mode.TRANSACTION) {
                    phase = Phase.COMMITTING;
                    connection.commit();
                }
                return result;
            } catch (SQLException | RuntimeException e) {
                rollBack(connection, mode, e);
                throw e;
            }
        } catch (SQLException e) {
            throw new Failure(e, phase);
        }
    }

    private static void rollBack(Connection connection, Mode mode, Exception cause) {
        try {
            if (mode == Mode.TRANSACTION) {
                connection.rollback();
            }
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** What is done on one connection. */
    interface Work<T extends @Nullable Object> {
        T run(Statements statements) throws SQLException;
    }

    /** One row of a result as a value. */
    interface Row<T> {
        T map(ResultSet row) throws SQLException;
    }

    /** A list as one argument. */
    record Array(String type, Object[] values) {
        static Array of(String type, Collection<? extends @Nullable Object> values) {
            return new Array(type, values.toArray());
        }

        /** What each row has in one column. */
        static <T> Array column(String type, Iterable<T> rows, Function<T, @Nullable Object> value) {
            var values = new ArrayList<@Nullable Object>();
            rows.forEach(row -> values.add(value.apply(row)));
            return of(type, values);
        }

        /** The driver knows lists of bytes by their Java type only. */
        static Array ofBytes(Collection<byte[]> values) {
            return new Array("bytea", values.toArray(byte[][]::new));
        }
    }

    /** Statements on one connection, bound to the transaction they run in. */
    record Statements(Connection connection) {
        <T> List<T> query(String sql, Row<T> row, @Nullable Object... arguments) throws SQLException {
            try (var statement = prepared(sql, arguments);
                    var rows = statement.executeQuery()) {
                var result = new ArrayList<T>();
                while (rows.next()) {
                    result.add(row.map(rows));
                }
                return result;
            }
        }

        int update(String sql, @Nullable Object... arguments) throws SQLException {
            try (var statement = prepared(sql, arguments)) {
                return statement.executeUpdate();
            }
        }

        private PreparedStatement prepared(String sql, @Nullable Object... arguments) throws SQLException {
            var statement = connection.prepareStatement(sql);
            for (var i = 0; i < arguments.length; i++) {
                switch (arguments[i]) {
                    case Array array ->
                        statement.setArray(i + 1, connection.createArrayOf(array.type(), array.values()));
                    case Instant instant -> statement.setObject(i + 1, instant.atOffset(ZoneOffset.UTC));
                    case null, default -> statement.setObject(i + 1, arguments[i]);
                }
            }
            return statement;
        }
    }

    private enum Mode {
        TRANSACTION,
        STATEMENT,
        READING
    }

    private enum Phase {
        CONNECTING,
        WORKING,
        COMMITTING
    }

    private static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;
        private final SQLException cause;
        private final Phase phase;

        Failure(SQLException cause, Phase phase) {
            super(cause);
            this.cause = cause;
            this.phase = phase;
        }

        /** The connection was dead already and nothing can have been committed. */
        boolean isStale() {
            return phase == Phase.WORKING && SqlStates.isConnectionLost(cause);
        }

        boolean isOutage() {
            return phase == Phase.CONNECTING || SqlStates.isConnectionLost(cause);
        }

        StoreException translated() {
            if (SqlStates.isMoved(cause)) {
                return new StoreException(Kind.MOVED, "the region is on its way to another shard", cause);
            }
            var lost = SqlStates.isConnectionLost(cause);
            var away = SqlStates.isUnreachable(cause);
            return switch (phase) {
                case CONNECTING -> new StoreException(Kind.UNAVAILABLE, "the database cannot be reached", cause, away);
                case WORKING ->
                    lost || SqlStates.isBusy(cause)
                            ? new StoreException(Kind.UNAVAILABLE, "the database went away", cause, away)
                            : new StoreException(Kind.BROKEN, "the database refused a statement", cause);
                case COMMITTING ->
                    lost
                            ? new StoreException(Kind.OUTCOME_UNKNOWN, "the database's answer was lost", cause)
                            : new StoreException(Kind.BROKEN, "the database refused a commit", cause);
            };
        }
    }
}
