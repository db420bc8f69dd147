package dev.hearth.store;

import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.store.Sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The one way a session ends, whoever ends it: its row moves to the history, its browser leaves service and the counters
 * fall, all in one statement. A session that is gone already is passed over, so the first reason stands.
 */
final class Endings {
    private static final String END = """
            WITH /* session.end */ ending AS MATERIALIZED (
                SELECT s.id, e.reason, e.browser_state
                  FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[]) AS e (id, reason, browser_state, project)
                  JOIN session s ON s.id = e.id
                 WHERE e.project IS NULL OR s.project = e.project
                 ORDER BY s.id
                   FOR UPDATE OF s),
            gone AS (
                DELETE FROM session s
                 USING ending e
                 WHERE s.id = e.id
                RETURNING s.*, e.reason, e.browser_state),
            browsers AS (
                UPDATE browser b
                   SET state = CASE WHEN g.browser_state <> 'RESETTING' THEN g.browser_state
                                    WHEN b.uses_left > 0 AND NOT b.stale THEN 'RESETTING'
                                    ELSE 'RETIRING' END,
                       uses_left = GREATEST(b.uses_left - 1, 0),
                       claimable = false,
                       session_id = NULL,
                       failure = CASE g.browser_state WHEN 'FAILED' THEN g.reason END,
                       changed_at = hearth_now()
                  FROM gone g
                 WHERE b.id = g.browser_id AND b.session_id = g.id),
            projects AS (
                UPDATE project_counter c
                   SET live = c.live - d.ended
                  FROM (SELECT project, count(*) AS ended FROM gone GROUP BY project) d
                 WHERE c.project = d.project AND c.stripe = 1 + pg_backend_pid() % 32
                RETURNING c.project),
            pools AS (
                UPDATE pool_counter c
                   SET live = c.live - d.ended
                  FROM (SELECT pool_id, count(*) AS ended FROM gone GROUP BY pool_id) d
                 WHERE c.pool_id = d.pool_id AND c.stripe = 1 + pg_backend_pid() % 32
                   -- always true: has the projects' rows locked before the pools'
                   AND (SELECT count(*) FROM projects) >= 0)
            INSERT INTO session_history (
                   id, project, pool_id, namespace, pool, region, zone, browser_id, pod_name, pod_uid, address, epoch,
                   timeout_ms, idle_ms, connect_ms, reconnect_ms, keep_alive, connections, metadata,
                   started_at, updated_at, expires_at, ended_at, end_reason, proxy_bytes)
            SELECT id, project, pool_id, namespace, pool, region, zone, browser_id, pod_name, pod_uid, address, epoch,
                   timeout_ms, idle_ms, connect_ms, reconnect_ms, keep_alive, connections, metadata,
                   started_at, hearth_now(), expires_at, hearth_now(), reason,
                   coalesce((SELECT l.proxy_bytes FROM liveness l WHERE l.browser_id = g.browser_id), 0)
              FROM gone g
            RETURNING *
            """;

    private Endings() {}

    /** Ends those that are still live and returns them as they now stand in the history. */
    static List<Session> end(Sql.Statements statements, List<Due> due) throws SQLException {
        if (due.isEmpty()) {
            return List.of();
        }
        return statements.query(
                END,
                SessionRows::ended,
                Array.of("uuid", due.stream().map(Due::session).toList()),
                Array.of("text", due.stream().map(d -> d.reason().word()).toList()),
                Array.of("text", due.stream().map(d -> browserAfter(d.reason())).toList()),
                Array.of("text", projects(due)));
    }

    private static List<@Nullable String> projects(List<Due> due) {
        var projects = new ArrayList<@Nullable String>();
        due.forEach(one -> projects.add(one.project()));
        return projects;
    }

    /**
     * A browser whose Chrome is gone has nothing left to retire. One whose pod is to go is stopped in order; every other may
     * serve again, where its pool has that.
     */
    private static String browserAfter(EndReason reason) {
        return switch (reason) {
            case BROWSER_CRASHED, OUT_OF_MEMORY -> "FAILED";
            case POD_LOST, EVICTED -> "RETIRING";
            case RELEASED, CLIENT_DISCONNECTED, BROWSER_CLOSED, IDLE, TIMED_OUT, NEVER_CONNECTED -> "RESETTING";
        };
    }

    /** @param project ends the session only if it is this one's; null: whosever it is */
    record Due(UUID session, EndReason reason, @Nullable String project) {
        Due(UUID session, EndReason reason) {
            this(session, reason, null);
        }

        boolean ends(Session session) {
            return session.id().equals(this.session) && (project == null || project.equals(session.project()));
        }
    }
}
