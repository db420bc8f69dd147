package dev.hearth.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Does what an operator and new pods do: a browser that was given back is soon there again. It has a connection of its own,
 * whose processor time is not the claims'.
 */
final class Replacements implements AutoCloseable {
    private static final int MOST = 500;

    /** Never waits for a row: who waits may be part of a deadlock, with claims that block. */
    private static final String REPLACE = """
            WITH free AS MATERIALIZED (
                SELECT b.id
                  FROM hearth.session_history h
                  JOIN hearth.browser b ON b.id = h.browser_id
                 WHERE h.id = ANY (?) AND b.state = 'RETIRING'
                   FOR NO KEY UPDATE OF b SKIP LOCKED)
            UPDATE hearth.browser b
               SET state = 'WARM', claimable = true
              FROM free f
             WHERE b.id = f.id
            """;

    private static final String LEFT = """
            SELECT h.id
              FROM hearth.session_history h
              JOIN hearth.browser b ON b.id = h.browser_id
             WHERE h.id = ANY (?) AND b.state = 'RETIRING'
            """;

    private final LinkedBlockingQueue<UUID> released = new LinkedBlockingQueue<>();
    private final Connection connection;
    private final long backend;
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable Exception failure;

    Replacements(ClaimsDatabase database) throws SQLException {
        connection = database.connect();
        backend = connection.unwrap(PGConnection.class).getBackendPID();
        thread = Thread.ofPlatform().daemon().name("replacements").start(this::run);
    }

    void of(UUID session) {
        released.add(session);
    }

    long backend() {
        return backend;
    }

    private void run() {
        try (var replace = connection.prepareStatement(REPLACE);
                var left = connection.prepareStatement(LEFT)) {
            var sessions = new ArrayList<UUID>();
            while (!closed) {
                var first = released.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    sessions.add(first);
                    released.drainTo(sessions, MOST - 1);
                    replace(replace, left, sessions);
                    sessions.clear();
                }
            }
        } catch (SQLException | InterruptedException e) {
            failure = e;
        }
    }

    private void replace(PreparedStatement replace, PreparedStatement left, List<UUID> sessions) throws SQLException {
        var ids = connection.createArrayOf("uuid", sessions.toArray());
        replace.setArray(1, ids);
        if (replace.executeUpdate() == sessions.size()) {
            return;
        }
        left.setArray(1, ids);
        try (var rows = left.executeQuery()) {
            while (rows.next()) {
                released.add(rows.getObject(1, UUID.class));
            }
        }
    }

    /** Without replacements a pool runs dry, and a cell measures refusals. */
    void check() {
        if (failure != null) {
            throw new IllegalStateException("without replacements the run is void", failure);
        }
    }

    @Override
    public void close() throws SQLException, InterruptedException {
        closed = true;
        thread.join();
        connection.close();
    }
}
