package dev.hearth.store;

import dev.hearth.claim.Session;
import dev.hearth.store.Sql.Array;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Sessions by id, live or ended, whoever's they are. */
final class SessionQueries {
    private static final String BY_IDS = """
            SELECT /* session.by-ids */
                   id, project, pool_id, namespace, pool, region, zone, browser_id, pod_name, pod_uid, address, epoch,
                   timeout_ms, idle_ms, connect_ms, reconnect_ms, keep_alive, connections, metadata,
                   started_at, updated_at, expires_at, ended_at, end_reason, proxy_bytes
              FROM any_session
             WHERE id = ANY (?::uuid[])
            """;

    private SessionQueries() {}

    static Map<UUID, Session> byIds(Sql.Statements statements, Collection<UUID> ids) throws SQLException {
        if (ids.isEmpty()) {
            return Map.of();
        }
        return statements.query(BY_IDS, SessionRows::any, Array.of("uuid", ids)).stream()
                .collect(Collectors.toMap(Session::id, Function.identity()));
    }
}
