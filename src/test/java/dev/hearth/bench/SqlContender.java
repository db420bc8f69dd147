package dev.hearth.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Claims by one statement each, over JDBC with a connection per client: what Hearth is measured against.
 *
 * @param claim with the session and the pool as its parameters, answered with the browser
 * @param release with the session, or where sessions have no rows with the browser
 * @param replacements where a release retires its browser; null: it is there again at once
 */
record SqlContender(
        ClaimsDatabase database,
        String claim,
        String release,
        @Nullable Replacements replacements) implements Contender {

    /** What pgbench would write: the rows that Hearth writes for a claim, one claim at a time, in one statement. */
    static final String SAME_ROWS = """
            WITH wanted AS MATERIALIZED (SELECT ?::uuid AS session, ?::uuid AS pool),
            next AS MATERIALIZED (
                SELECT id FROM browser
                 WHERE claimable AND pool_id = (SELECT pool FROM wanted) AND NOT stale
                 ORDER BY spread LIMIT 1
                   FOR NO KEY UPDATE SKIP LOCKED),
            claimed AS (
                UPDATE browser b
                   SET state = 'CLAIMED', claimable = false, session_id = w.session, epoch = b.epoch + 1,
                       changed_at = hearth_now()
                  FROM next n, wanted w
                 WHERE b.id = n.id
                RETURNING b.*),
            projects AS (
                UPDATE project_counter c SET live = c.live + 1
                  FROM claimed
                 WHERE c.project = 'shop' AND c.stripe = 1 + pg_backend_pid() % 32),
            pools AS (
                UPDATE pool_counter c SET live = c.live + 1
                  FROM claimed b
                 WHERE c.pool_id = b.pool_id AND c.stripe = 1 + pg_backend_pid() % 32)
            INSERT INTO session (
                   id, project, pool_id, namespace, pool, region, zone, browser_id, pod_name, pod_uid, address, epoch,
                   timeout_ms, connect_ms, reconnect_ms, keep_alive, connections, metadata,
                   started_at, updated_at, expires_at, connect_by)
            SELECT session_id, 'shop', pool_id, namespace, pool, region, zone, id, pod_name, pod_uid, address, epoch,
                   300000, 300000, 30000, true, 'SHARED', '{}',
                   changed_at, changed_at, changed_at + interval '5 minutes', changed_at + interval '5 minutes'
              FROM claimed
            RETURNING browser_id
            """;

    static final String SAME_ROWS_RELEASE = """
            WITH gone AS (
                DELETE FROM session WHERE id = ? RETURNING *),
            browsers AS (
                UPDATE browser b
                   SET state = 'RETIRING', claimable = false, session_id = NULL, changed_at = hearth_now()
                  FROM gone g
                 WHERE b.id = g.browser_id AND b.session_id = g.id),
            projects AS (
                UPDATE project_counter c SET live = c.live - 1
                  FROM gone g
                 WHERE c.project = g.project AND c.stripe = 1 + pg_backend_pid() % 32),
            pools AS (
                UPDATE pool_counter c SET live = c.live - 1
                  FROM gone g
                 WHERE c.pool_id = g.pool_id AND c.stripe = 1 + pg_backend_pid() % 32)
            INSERT INTO session_history (
                   id, project, pool_id, namespace, pool, region, zone, browser_id, pod_name, pod_uid, address, epoch,
                   timeout_ms, idle_ms, connect_ms, reconnect_ms, keep_alive, connections, metadata,
                   started_at, updated_at, expires_at, ended_at, end_reason)
            SELECT id, project, pool_id, namespace, pool, region, zone, browser_id, pod_name, pod_uid, address, epoch,
                   timeout_ms, idle_ms, connect_ms, reconnect_ms, keep_alive, connections, metadata,
                   started_at, hearth_now(), expires_at, hearth_now(), 'Released'
              FROM gone
            """;

    /** One row alone: with the rows that Hearth writes it deadlocks with the releases. */
    static final String BLOCKING = """
            WITH next AS MATERIALIZED (
                SELECT sessionid FROM container
                 WHERE region = 'eu' AND status = 'idle'
                 ORDER BY spread LIMIT 1
                   FOR UPDATE)
            UPDATE container c
               SET status = 'picked'
              FROM next n
             WHERE c.sessionid = n.sessionid
            RETURNING c.sessionid
            """;

    /** The seed's statement as far as it is public; its candidates are the idle ones of a region. */
    static final String SEED = """
            WITH candidate_pool AS (
                SELECT sessionid FROM container WHERE region = 'eu' AND status = 'idle')
            UPDATE container
               SET status = 'picked'
             WHERE sessionid IN (SELECT sessionid FROM candidate_pool ORDER BY random() LIMIT 1)
            RETURNING sessionid
            """;

    private static final String LOOK =
            "SELECT sessionid FROM container WHERE region = 'eu' AND status = 'idle' ORDER BY spread LIMIT 1";
    private static final String LIST = "SELECT sessionid FROM container WHERE region = 'eu' AND status = 'idle'";
    private static final String PICK = "UPDATE container SET status = 'picked' WHERE sessionid = ? RETURNING sessionid";
    static final String PUT_BACK = "UPDATE container SET status = 'idle' WHERE sessionid = ?";

    private static final String DEADLOCK = "40P01";

    @Override
    public Client client() throws SQLException {
        return new SqlClient(database.connect());
    }

    private final class SqlClient implements Client {
        private final Connection connection;
        private final PreparedStatement claiming;
        private final PreparedStatement releasing;

        SqlClient(Connection connection) throws SQLException {
            this.connection = connection;
            this.claiming = connection.prepareStatement(claim);
            this.releasing = connection.prepareStatement(release);
        }

        @Override
        public @Nullable Held claim() throws SQLException {
            var session = database.request().session();
            if (replacements != null) {
                claiming.setObject(1, session);
                claiming.setObject(2, database.pool);
            }
            try {
                var browser = one(claiming);
                return browser == null ? null : new Held(session, browser);
            } catch (SQLException e) {
                // Who blocks may be the one that a deadlock is broken at.
                if (DEADLOCK.equals(e.getSQLState())) {
                    return null;
                }
                throw e;
            }
        }

        @Override
        public void release(Held held) throws SQLException {
            releasing.setObject(1, replacements == null ? held.browser() : held.session());
            releasing.executeUpdate();
            if (replacements != null) {
                replacements.of(held.session());
            }
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    /** Looks for an idle one, then takes it: two statements with nothing between them. */
    static Contender selectThenUpdate(ClaimsDatabase database) {
        return () -> new Picking(database.connect()) {
            private final PreparedStatement look = connection.prepareStatement(LOOK);

            @Override
            @Nullable
            UUID pick() throws SQLException {
                return one(look);
            }
        };
    }

    /** A list as an eventually consistent store would serve it for 30 s, which all clients pick from at random. */
    static Contender staleList(ClaimsDatabase database) throws SQLException {
        List<UUID> idle = new ArrayList<>();
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(LIST)) {
            while (rows.next()) {
                idle.add(rows.getObject(1, UUID.class));
            }
        }
        return () -> new Picking(database.connect()) {
            @Override
            UUID pick() {
                return idle.get(ThreadLocalRandom.current().nextInt(idle.size()));
            }
        };
    }

    private abstract static class Picking implements Client {
        final Connection connection;
        private final PreparedStatement take;
        private final PreparedStatement putBack;

        Picking(Connection connection) throws SQLException {
            this.connection = connection;
            this.take = connection.prepareStatement(PICK);
            this.putBack = connection.prepareStatement(PUT_BACK);
        }

        abstract @Nullable UUID pick() throws SQLException;

        @Override
        public @Nullable Held claim() throws SQLException {
            var picked = pick();
            if (picked == null) {
                return null;
            }
            take.setObject(1, picked);
            return new Held(UUID.randomUUID(), Objects.requireNonNull(one(take)));
        }

        @Override
        public void release(Held held) throws SQLException {
            putBack.setObject(1, held.browser());
            putBack.executeUpdate();
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    private static @Nullable UUID one(PreparedStatement statement) throws SQLException {
        try (var rows = statement.executeQuery()) {
            return rows.next() ? rows.getObject(1, UUID.class) : null;
        }
    }
}
