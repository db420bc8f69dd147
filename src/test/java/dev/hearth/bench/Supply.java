package dev.hearth.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Does what an operator, new pods and agents do, whatever becomes of the database: browsers that were given back are soon
 * there again, and all of them beat.
 */
final class Supply implements AutoCloseable {
    private static final long ROUND_NANOS = 100_000_000;
    private static final int ROUNDS_PER_BEAT = 30;

    private static final String REPLACE = """
            WITH free AS MATERIALIZED (
                SELECT id FROM hearth.browser WHERE state = 'RETIRING' FOR NO KEY UPDATE SKIP LOCKED)
            UPDATE hearth.browser b
               SET state = 'WARM', claimable = true
              FROM free f
             WHERE b.id = f.id
            """;

    private static final String BEAT = """
            INSERT INTO hearth.liveness AS l (browser_id, sequence, seen_at, active_at)
            SELECT id, 1, hearth.hearth_now(), hearth.hearth_now() FROM hearth.browser ORDER BY id
                ON CONFLICT (browser_id) DO UPDATE
               SET sequence = GREATEST(l.sequence, 0) + 1, seen_at = EXCLUDED.seen_at, active_at = EXCLUDED.active_at
            """;

    private final ClaimsDatabase database;
    private final Thread thread;
    private volatile boolean closed;

    Supply(ClaimsDatabase database) {
        this.database = database;
        this.thread = Thread.ofPlatform().daemon().name("supply").start(this::run);
    }

    private void run() {
        Connection connection = null;
        for (var round = 0L; !closed; round++) {
            try {
                if (connection == null || !connection.isValid(2)) {
                    connection = database.connect();
                }
                try (var statement = connection.createStatement()) {
                    statement.execute(REPLACE);
                    if (round % ROUNDS_PER_BEAT == 0) {
                        statement.execute(BEAT);
                    }
                }
            } catch (SQLException away) {
                close(connection);
                connection = null;
                // The beat that was due comes with the first round that gets through.
                round = -1;
            }
            LockSupport.parkNanos(ROUND_NANOS);
        }
        close(connection);
    }

    private static void close(@Nullable Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException gone) {
            // It is what we wanted.
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
