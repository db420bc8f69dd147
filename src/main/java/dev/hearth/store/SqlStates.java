package dev.hearth.store;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.postgresql.util.PSQLException;

/** What PostgreSQL's error codes mean to Hearth. */
final class SqlStates {
    /** Shut down by its administrator, crashed, not up yet, session terminated, an idle or long transaction cut. */
    private static final Set<String> CUT = Set.of("57P01", "57P02", "57P03", "57P05", "25P03", "25P04");

    /** Too many connections, a lock not free in time, a statement cut by its timeout, a disk that is full. */
    private static final Set<String> BUSY = Set.of("53300", "55P03", "57014", "53100");

    private SqlStates() {}

    static boolean isConnectionLost(SQLException e) {
        return isUnreachable(e) || CUT.contains(stateOf(e));
    }

    /**
     * No connection comes about, or its other end is silent: not one that the database itself has cut. The pool says by a
     * timeout, and by no state, that a new connection did not come in time; of one that none was free it gives no cause.
     */
    static boolean isUnreachable(SQLException e) {
        return stateOf(e).startsWith("08") || e.getCause() instanceof TimeoutException;
    }

    /** A connection that was lost by waiting: for an answer, or for the end of its own transaction. */
    static boolean tookLong(SQLException e) {
        return e.getCause() instanceof SocketTimeoutException || stateOf(e).equals("25P04");
    }

    static boolean isBusy(SQLException e) {
        return BUSY.contains(stateOf(e));
    }

    static boolean isLockTimeout(SQLException e) {
        return stateOf(e).equals("55P03") || stateOf(e).equals("57014");
    }

    /**
     * Deadlock, serialization failure, or a row on its way to the partition for rows of no other while its day was given
     * one: rolled back whole, and done if it is tried again.
     */
    static boolean isRolledBack(SQLException e) {
        return stateOf(e).startsWith("40") || violatesPartition(e);
    }

    /** Of the errors of its state the only one without the name of a constraint. */
    private static boolean violatesPartition(SQLException e) {
        return stateOf(e).equals("23514")
                && e instanceof PSQLException refused
                && refused.getServerErrorMessage() != null
                && refused.getServerErrorMessage().getConstraint() == null;
    }

    /** By the triggers of V020__moving_regions.sql and V022__fences_one_by_one.sql. */
    static boolean isMoved(SQLException e) {
        return stateOf(e).equals("HM001");
    }

    private static String stateOf(SQLException e) {
        var state = e.getSQLState();
        return state == null ? "" : state;
    }
}
