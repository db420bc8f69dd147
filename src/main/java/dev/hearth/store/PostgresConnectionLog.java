package dev.hearth.store;

import dev.hearth.claim.ConnectionLog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Connections of one shard's sessions, as one gateway writes them. */
final class PostgresConnectionLog implements ConnectionLog {
    private final Sql sql;
    private final UUID gateway;

    /** @param gateway this gateway's incarnation: once it is no longer seen, its open connections are over */
    PostgresConnectionLog(Sql sql, UUID gateway) {
        this.sql = sql;
        this.gateway = gateway;
    }

    private static final String BEGAN = """
            INSERT /* connection.began */ INTO session_connection (session_id, id, gateway, started_at)
            VALUES (?, ?, ?, hearth_now())
            """;

    @Override
    public void began(UUID session, UUID connection) {
        sql.inOneStatement(statements -> statements.update(BEGAN, session, connection, gateway));
    }

    private static final String ENDED = """
            UPDATE /* connection.ended */ session_connection
               SET ended_at = LEAST(started_at + ? * interval '1 us', hearth_now())
             WHERE session_id = ? AND id = ? AND ended_at IS NULL
            """;

    @Override
    public void ended(UUID session, UUID connection, Duration held) {
        sql.inOneStatement(statements -> statements.update(ENDED, held.toNanos() / 1_000, session, connection));
    }

    private static final String LAST = """
            SELECT /* connection.last */ c.id AS connection_id, c.started_at AS connected_at,
                   CASE WHEN c.ended_at IS NOT NULL THEN c.ended_at
                        WHEN g.incarnation IS NULL THEN hearth_now()
                   END AS disconnected_at
              FROM session_connection c
              LEFT JOIN gateway g
                ON g.incarnation = c.gateway AND g.seen_at >= hearth_now() - interval '3 s'
             WHERE c.session_id = ?
             ORDER BY c.started_at DESC
             LIMIT 1
            """;

    @Override
    public Optional<Connection> last(UUID session) {
        return sql.reading(statements -> statements.query(LAST, PostgresConnectionLog::known, session).stream()
                .findFirst());
    }

    private static final String LIST = """
            SELECT /* connection.list */
                   s.*, c.id AS connection_id, c.started_at AS connected_at,
                   CASE WHEN c.ended_at IS NOT NULL THEN c.ended_at
                        WHEN s.ended_at IS NOT NULL THEN s.ended_at
                        WHEN g.incarnation IS NULL THEN hearth_now()
                   END AS disconnected_at
              FROM (SELECT id, project, pool_id, namespace, pool, region, zone, browser_id, pod_name, pod_uid, address, epoch,
                           timeout_ms, idle_ms, connect_ms, reconnect_ms, keep_alive, connections, metadata,
                           started_at, updated_at, expires_at, ended_at, end_reason, proxy_bytes
                      FROM any_session
                     WHERE project = ? AND metadata = ?
                       AND (?::boolean IS NULL OR (ended_at IS NULL) = ?)
                     ORDER BY ended_at IS NULL DESC, started_at DESC, id DESC
                     LIMIT ? OFFSET ?) s
              LEFT JOIN LATERAL (
                   SELECT id, gateway, started_at, ended_at
                     FROM session_connection
                    WHERE session_id = s.id
                    ORDER BY started_at DESC
                    LIMIT 1) c ON true
              LEFT JOIN gateway g
                ON g.incarnation = c.gateway AND g.seen_at >= hearth_now() - interval '3 s'
             ORDER BY s.ended_at IS NULL DESC, s.started_at DESC, s.id DESC
            """;

    @Override
    public List<Held> list(String project, Filter filter) {
        return sql.reading(statements -> statements.query(
                LIST,
                PostgresConnectionLog::held,
                project,
                filter.metadata(),
                filter.live(),
                filter.live(),
                filter.limit(),
                filter.offset()));
    }

    private static Held held(ResultSet row) throws SQLException {
        return new Held(SessionRows.any(row), connection(row));
    }

    private static @Nullable Connection connection(ResultSet row) throws SQLException {
        return row.getObject("connection_id", UUID.class) == null ? null : known(row);
    }

    private static Connection known(ResultSet row) throws SQLException {
        var over = row.getObject("disconnected_at", OffsetDateTime.class);
        return new Connection(
                SessionRows.uuid(row, "connection_id"),
                SessionRows.required(row, "connected_at"),
                over == null ? null : over.toInstant());
    }
}
