package dev.hearth.store;

import dev.hearth.claim.Session;
import dev.hearth.claim.SessionCensus;
import dev.hearth.store.Sql.Array;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The sessions of one shard. */
final class PostgresSessionCensus implements SessionCensus {
    private final Sql sql;

    PostgresSessionCensus(Sql sql) {
        this.sql = sql;
    }

    private static final String LIVE = """
            SELECT /* session.census */
                   id, project, pool_id, namespace, pool, region, zone, browser_id, pod_name, pod_uid, address, epoch,
                   timeout_ms, idle_ms, connect_ms, reconnect_ms, keep_alive, connections, metadata,
                   started_at, updated_at, expires_at
              FROM session
             WHERE pool_id = ANY (?::uuid[])
             ORDER BY started_at, id
            """;

    @Override
    public List<Session> live(Set<UUID> pools) {
        return sql.surveying(statements -> statements.query(LIVE, SessionRows::live, Array.of("uuid", pools)));
    }

    @Override
    public Map<UUID, Session> byIds(Set<UUID> sessions) {
        return sql.reading(statements -> SessionQueries.byIds(statements, sessions));
    }
}
