package dev.hearth.store;

import dev.hearth.claim.Session;
import dev.hearth.claim.SessionTerms;
import dev.hearth.store.ClaimRound.Ask;
import dev.hearth.store.Sql.Array;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one statement that claims. Each pool is searched from a random point of its spread and round, so that claims do not
 * queue for the same rows: own zone first, then any, then browsers of an old revision. The searches are disjoint, so no
 * row is taken twice within a statement; row locks see to it between statements. Most claims need only the first of these
 * searches and no counter that must be locked: they have a shorter statement.
 */
final class Taking {
    private static final String WANTED = """
            WITH /* claim.take */ wanted AS MATERIALIZED (
                SELECT w.*, row_number() OVER (PARTITION BY w.pool_id ORDER BY w.ordinal) AS place
                  FROM unnest(?::uuid[], ?::text[], ?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                              ?::boolean[], ?::text[], ?::text[], ?::text[])
                       WITH ORDINALITY AS w (session_id, project, pool_id, timeout_ms, idle_ms, connect_ms, reconnect_ms,
                              keep_alive, connections, metadata, settings, ordinal)),
            share AS MATERIALIZED (
                SELECT pool_id, count(*) AS size, random() AS start, ?::text AS zone FROM wanted GROUP BY pool_id),
            """;

    private static final String EVERYWHERE = """
            near_up AS MATERIALIZED (
                SELECT s.pool_id, b.id
                  FROM share s CROSS JOIN LATERAL (
                       SELECT id FROM browser
                        WHERE claimable AND pool_id = s.pool_id AND zone = s.zone AND NOT stale AND spread >= s.start
                        ORDER BY spread LIMIT s.size
                          FOR NO KEY UPDATE SKIP LOCKED) b),
            near_down AS MATERIALIZED (
                SELECT s.pool_id, b.id
                  FROM share s CROSS JOIN LATERAL (
                       SELECT id FROM browser
                        WHERE claimable AND pool_id = s.pool_id AND zone = s.zone AND NOT stale AND spread < s.start
                        ORDER BY spread LIMIT s.size - (SELECT count(*) FROM near_up t WHERE t.pool_id = s.pool_id)
                          FOR NO KEY UPDATE SKIP LOCKED) b),
            near AS MATERIALIZED (
                SELECT pool_id, id FROM near_up UNION ALL SELECT pool_id, id FROM near_down),
            far_up AS MATERIALIZED (
                SELECT s.pool_id, b.id
                  FROM share s CROSS JOIN LATERAL (
                       SELECT id FROM browser
                        WHERE claimable AND pool_id = s.pool_id AND (zone = s.zone) IS NOT TRUE AND NOT stale
                          AND spread >= s.start
                        ORDER BY spread LIMIT s.size - (SELECT count(*) FROM near t WHERE t.pool_id = s.pool_id)
                          FOR NO KEY UPDATE SKIP LOCKED) b),
            fresh_up AS MATERIALIZED (
                SELECT pool_id, id FROM near UNION ALL SELECT pool_id, id FROM far_up),
            far_down AS MATERIALIZED (
                SELECT s.pool_id, b.id
                  FROM share s CROSS JOIN LATERAL (
                       SELECT id FROM browser
                        WHERE claimable AND pool_id = s.pool_id AND (zone = s.zone) IS NOT TRUE AND NOT stale
                          AND spread < s.start
                        ORDER BY spread LIMIT s.size - (SELECT count(*) FROM fresh_up t WHERE t.pool_id = s.pool_id)
                          FOR NO KEY UPDATE SKIP LOCKED) b),
            fresh AS MATERIALIZED (
                SELECT pool_id, id FROM fresh_up UNION ALL SELECT pool_id, id FROM far_down),
            old AS MATERIALIZED (
                SELECT s.pool_id, b.id
                  FROM share s CROSS JOIN LATERAL (
                       SELECT id FROM browser
                        WHERE claimable AND pool_id = s.pool_id AND stale
                        ORDER BY spread LIMIT s.size - (SELECT count(*) FROM fresh t WHERE t.pool_id = s.pool_id)
                          FOR NO KEY UPDATE SKIP LOCKED) b),
            taken AS MATERIALIZED (
                SELECT pool_id, id, row_number() OVER (PARTITION BY pool_id) AS place
                  FROM (SELECT pool_id, id FROM fresh UNION ALL SELECT pool_id, id FROM old) t),
            """;

    private static final String FIRST_PLACE = """
            unlimited AS MATERIALIZED (
                SELECT (SELECT count(*) FROM project_counter
                         WHERE project = ANY (?::text[]) AND stripe = 0
                           AND live_limit IS NULL AND creates_per_minute IS NULL) = ?::integer
                   AND (SELECT count(*) FROM pool_counter
                         WHERE pool_id = ANY (?::uuid[]) AND stripe = 0 AND live_limit IS NULL) = ?::integer AS all_of_them),
            taken AS MATERIALIZED (
                SELECT s.pool_id, b.id, row_number() OVER (PARTITION BY s.pool_id) AS place
                  FROM share s CROSS JOIN LATERAL (
                       SELECT id FROM browser
                        WHERE (SELECT all_of_them FROM unlimited)
                          AND claimable AND pool_id = s.pool_id AND (zone = s.zone) AND NOT stale AND spread >= s.start
                        ORDER BY spread LIMIT s.size
                          FOR NO KEY UPDATE SKIP LOCKED) b),
            """;

    private static final String RECORDED = """
            claimed AS (
                UPDATE browser b
                   SET state = 'CLAIMED', claimable = false, session_id = w.session_id, epoch = b.epoch + 1,
                       changed_at = hearth_now()
                  FROM taken t JOIN wanted w USING (pool_id, place)
                 WHERE b.id = t.id
                RETURNING w.*, b.id AS browser_id, b.namespace, b.pool, b.region, b.zone, b.pod_name, b.pod_uid,
                          b.address, b.epoch, b.changed_at),
            projects AS (
                UPDATE project_counter c
                   SET live = c.live + n.begun,
                       tokens = CASE WHEN c.creates_per_minute IS NULL THEN c.tokens
                                     ELSE create_tokens(c.creates_per_minute, c.tokens, c.filled_at) - n.begun END,
                       filled_at = CASE WHEN c.creates_per_minute IS NULL THEN c.filled_at ELSE hearth_now() END
                  FROM (SELECT project, count(*) AS begun FROM claimed GROUP BY project) n
                 WHERE c.project = n.project
                   AND c.stripe = CASE WHEN c.live_limit IS NULL AND c.creates_per_minute IS NULL
                                       THEN 1 + pg_backend_pid() % 32 ELSE 0 END
                RETURNING c.project),
            pools AS (
                UPDATE pool_counter c
                   SET live = c.live + n.begun
                  FROM (SELECT pool_id, count(*) AS begun FROM claimed GROUP BY pool_id) n
                 WHERE c.pool_id = n.pool_id
                   AND c.stripe = CASE WHEN c.live_limit IS NULL THEN 1 + pg_backend_pid() % 32 ELSE 0 END
                   -- always true: has the projects' rows locked before the pools'
                   AND (SELECT count(*) FROM projects) >= 0)
            INSERT INTO session (
                   id, project, pool_id, namespace, pool, region, zone, browser_id, pod_name, pod_uid, address, epoch,
                   timeout_ms, idle_ms, connect_ms, reconnect_ms, keep_alive, connections, metadata,
                   started_at, updated_at, expires_at, connect_by, idle_by, settings)
            SELECT session_id, project, pool_id, namespace, pool, region, zone, browser_id, pod_name, pod_uid, address, epoch,
                   timeout_ms, idle_ms, connect_ms, reconnect_ms, keep_alive, connections, metadata,
                   changed_at, changed_at, changed_at + timeout_ms * interval '1 ms',
                   changed_at + connect_ms * interval '1 ms', changed_at + idle_ms * interval '1 ms', settings
              FROM claimed
            RETURNING *
            """;

    static final String TAKE = WANTED + EVERYWHERE + RECORDED;

    /** Takes nothing where a project or a pool has a limit, and only what comes first in the order of the searches. */
    static final String TAKE_FIRST = WANTED.replace("claim.take", "claim.take-first") + FIRST_PLACE + RECORDED;

    static final String TAKE_FIRST_ANYWHERE = TAKE_FIRST.replace("(zone = s.zone)", "(zone = s.zone) IS NOT TRUE");

    /** Waits for rows that others hold instead of passing them over: whoever holds one may yet let go of it. */
    private static final String TAKE_WAITING = TAKE.replace("SKIP LOCKED", "");

    private Taking() {}

    /** The sessions that were made, by id; a request that is missing found its pool empty. */
    static Map<UUID, Session> take(Sql.Statements statements, List<Ask> asks, boolean waiting) throws SQLException {
        var made = new HashMap<UUID, Session>();
        for (var zone : byZone(asks).entrySet()) {
            var wanted = wanted(zone.getKey(), zone.getValue());
            add(made, statements.query(waiting ? TAKE_WAITING : TAKE, SessionRows::live, wanted.toArray()));
        }
        return made;
    }

    /**
     * The same for as many as the shorter statement serves: nobody, where any of them is under a limit. Who is missing is
     * to ask {@link #take}; whether his pool is empty is not known yet.
     *
     * @param projects of all asks @param pools that any of the asks may come to ask
     */
    static Map<UUID, Session> takeUnlimited(
            Sql.Statements statements, List<Ask> asks, Collection<String> projects, Collection<UUID> pools)
            throws SQLException {
        var made = new HashMap<UUID, Session>();
        for (var zone : byZone(asks).entrySet()) {
            var arguments = new ArrayList<@Nullable Object>(wanted(zone.getKey(), zone.getValue()));
            arguments.addAll(
                    List.of(Array.of("text", projects), projects.size(), Array.of("uuid", pools), pools.size()));
            var statement = zone.getKey() == null ? TAKE_FIRST_ANYWHERE : TAKE_FIRST;
            add(made, statements.query(statement, SessionRows::live, arguments.toArray()));
        }
        return made;
    }

    private static Map<@Nullable String, List<Ask>> byZone(List<Ask> asks) {
        var byZone = new LinkedHashMap<@Nullable String, List<Ask>>();
        asks.forEach(ask -> byZone.computeIfAbsent(ask.request().zone(), _ -> new ArrayList<>())
                .add(ask));
        return byZone;
    }

    private static void add(Map<UUID, Session> made, List<Session> sessions) {
        sessions.forEach(session -> made.put(session.id(), session));
    }

    private static List<@Nullable Object> wanted(@Nullable String zone, List<Ask> asks) {
        return Arrays.asList(
                column("uuid", asks, ask -> ask.request().session()),
                column("text", asks, ask -> ask.request().project()),
                column("uuid", asks, ask -> ask.candidate().pool()),
                term("bigint", asks, terms -> terms.timeout().toMillis()),
                term("bigint", asks, terms -> millis(terms.idleTimeout())),
                term("bigint", asks, terms -> terms.connectTimeout().toMillis()),
                term("bigint", asks, terms -> terms.reconnectWindow().toMillis()),
                term("boolean", asks, SessionTerms::keepAlive),
                term("text", asks, terms -> terms.connections().name()),
                column("text", asks, ask -> ask.request().metadata()),
                column("text", asks, ask -> ask.request().settings()),
                zone);
    }

    private static Array term(String type, List<Ask> asks, Function<SessionTerms, @Nullable Object> value) {
        return column(type, asks, ask -> value.apply(ask.candidate().terms()));
    }

    private static Array column(String type, List<Ask> asks, Function<Ask, @Nullable Object> value) {
        var values = new ArrayList<@Nullable Object>();
        asks.forEach(ask -> values.add(value.apply(ask)));
        return Array.of(type, values);
    }

    private static @Nullable Long millis(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis();
    }
}
