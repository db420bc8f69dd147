package dev.hearth.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Does what an operator and new pods do: a browser that was given back is soon there again. It has a connection of its own,
 * whose processor time is not the claims'.
 */
final class Replacements implements AutoCloseable {
    private static final int MOST = 500;

    private static final String REPLACE = """
            UPDATE hearth.browser b
               SET state = 'WARM', claimable = true
              FROM hearth.session_history h
             WHERE h.id = ANY (?) AND b.id = h.browser_id AND b.state = 'RETIRING'
            """;

    private final LinkedBlockingQueue<UUID> released = new LinkedBlockingQueue<>();
    private final Connection connection;
    private final long backend;
    private final Thread thread;
    private volatile boolean closed;

    Replacements(ClaimsDatabase database) throws SQLException {
        connection = database.connect();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT pg_backend_pid()")) {
            rows.next();
            backend = rows.getLong(1);
        }
        thread = Thread.ofPlatform().daemon().name("replacements").start(this::run);
    }

    void of(UUID session) {
        released.add(session);
    }

    long backend() {
        return backend;
    }

    private void run() {
        try (var statement = connection.prepareStatement(REPLACE)) {
            var sessions = new ArrayList<UUID>();
            while (!closed) {
                var first = released.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    sessions.add(first);
                    released.drainTo(sessions, MOST - 1);
                    replace(statement, sessions);
                    sessions.clear();
                }
            }
        } catch (SQLException | InterruptedException e) {
            throw new IllegalStateException("without replacements the run is void", e);
        }
    }

    private void replace(PreparedStatement statement, ArrayList<UUID> sessions) throws SQLException {
        statement.setArray(1, connection.createArrayOf("uuid", sessions.toArray()));
        statement.executeUpdate();
    }

    @Override
    public void close() throws SQLException, InterruptedException {
        closed = true;
        thread.join();
        connection.close();
    }
}
