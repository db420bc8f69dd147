package dev.hearth.store;

import dev.hearth.claim.HeartbeatStore.Fence;
import dev.hearth.claim.HeartbeatStore.Hello;
import dev.hearth.claim.HeartbeatStore.Report;
import dev.hearth.claim.SessionListener;
import dev.hearth.store.Sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Beats of one shard's browsers. A batch in which nothing happened is one statement. */
final class PostgresHeartbeatStore {
    private final Sql sql;
    private final SessionListener listener;

    PostgresHeartbeatStore(Sql sql, SessionListener listener) {
        this.sql = sql;
        this.listener = listener;
    }

    private static final String ADMIT = """
            SELECT /* beat.admit */ h.place, b.id, b.state, b.healthy, b.epoch, b.session_id, true AS fits, false AS heard,
                   false AS vouched,
                   s.keep_alive, s.connect_by, s.reconnect_by, s.thaw_by, s.idle_ms, coalesce(l.sequence, 0) AS sequence,
                   (extract(epoch FROM s.expires_at - (SELECT hearth_now())) * 1000)::bigint AS remaining,
                   CASE WHEN s.connect_by IS NOT NULL
                        THEN (extract(epoch FROM (SELECT hearth_now()) - s.started_at) * 1000)::bigint END AS awaited
              FROM unnest(?::uuid[], ?::text[], ?::bytea[]) WITH ORDINALITY AS h (browser_id, pod_uid, token_hash, place)
              JOIN browser b ON b.id = h.browser_id
              LEFT JOIN session s ON s.id = b.session_id
              LEFT JOIN liveness l ON l.browser_id = b.id
             WHERE b.token_hash = h.token_hash AND (b.pod_uid = h.pod_uid OR b.pod_uid IS NULL)
            """;

    /** A browser that is not warm yet has no pod UID on record: there the token alone proves who speaks. */
    List<Optional<Fence>> admit(List<Hello> hellos) {
        var admitted = sql
                .reading(statements -> statements.query(
                        ADMIT,
                        Admitted::of,
                        Array.column("uuid", hellos, Hello::browser),
                        Array.column("text", hellos, Hello::podUid),
                        Array.ofBytes(hellos.stream().map(Hello::tokenHash).toList())))
                .stream()
                .collect(Collectors.toMap(Admitted::place, Admitted::fence));
        return IntStream.range(0, hellos.size())
                .mapToObj(place -> Optional.ofNullable(admitted.get(place)))
                .toList();
    }

    /** @param place of the hello among those that were asked for */
    private record Admitted(int place, Fence fence) {
        static Admitted of(ResultSet row) throws SQLException {
            return new Admitted(
                    row.getInt("place") - 1,
                    BeatRow.of(row).fence(Optional.empty(), row.getLong("sequence"), Set.of()));
        }
    }

    static final String RECORD = """
            WITH /* beat.record */ clock AS MATERIALIZED (
                -- Asked once: asked for every row it took half of the statement's time.
                SELECT hearth_now() AS now),
            report AS MATERIALIZED (
                SELECT r.browser_id, r.sequence, r.idle_ms, r.proxy_bytes,
                       c.now - r.waited_ms * interval '1 ms' AS seen_at,
                       b.state, b.healthy, b.epoch, b.session_id,
                       -- A browser that is still starting has no pod on record: its token let it in.
                       coalesce(b.pod_uid = r.pod_uid, true) AS fits,
                       r.epoch >= b.epoch AS current,
                       CASE WHEN r.calm AND b.session_id IS NULL AND b.state IN ('STARTING', 'WARM')
                            THEN ?::uuid END AS vouched_by
                  FROM unnest(?::uuid[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                              ?::boolean[])
                       AS r (browser_id, pod_uid, sequence, epoch, idle_ms, waited_ms, proxy_bytes, calm)
                  JOIN browser b ON b.id = r.browser_id
                 CROSS JOIN clock c),
            heard AS (
                INSERT INTO liveness AS l (browser_id, sequence, seen_at, active_at, proxy_bytes, vouched_by)
                SELECT browser_id, sequence, seen_at, seen_at - idle_ms * interval '1 ms', proxy_bytes, vouched_by
                  FROM report
                 WHERE fits AND current
                 ORDER BY browser_id
                    ON CONFLICT (browser_id) DO UPDATE
                   SET sequence = EXCLUDED.sequence, seen_at = EXCLUDED.seen_at, active_at = EXCLUDED.active_at,
                       -- a restarted agent counts anew
                       proxy_bytes = GREATEST(l.proxy_bytes, EXCLUDED.proxy_bytes),
                       vouched_by = EXCLUDED.vouched_by
                 WHERE l.sequence < EXCLUDED.sequence
                    OR (l.seen_at < EXCLUDED.seen_at - interval '10 s'
                        -- One that is vouched for was heard later than it was written.
                        AND NOT EXISTS (SELECT FROM vouching v
                                         WHERE v.gateway = l.vouched_by
                                           AND v.seen_at >= EXCLUDED.seen_at - interval '10 s'))
                RETURNING browser_id)
            SELECT r.browser_id AS id, r.state, r.healthy, r.epoch, r.session_id, r.fits,
                   -- Asked of a hash of them: joined, each would be compared with each.
                   r.browser_id IN (SELECT browser_id FROM heard) AS heard,
                   r.vouched_by IS NOT NULL AND r.browser_id IN (SELECT browser_id FROM heard) AS vouched,
                   s.keep_alive, s.connect_by, s.reconnect_by, s.thaw_by, s.idle_ms,
                   (extract(epoch FROM s.expires_at - (SELECT now FROM clock)) * 1000)::bigint AS remaining,
                   CASE WHEN s.connect_by IS NOT NULL
                        THEN (extract(epoch FROM (SELECT now FROM clock) - s.started_at) * 1000)::bigint END AS awaited
              FROM report r
              LEFT JOIN session s ON s.id = r.session_id
            """;

    /**
     * An agent that was restarted counts from the beginning: after 10 s without an accepted beat a lower sequence is taken
     * for a new life. Shorter: a late beat of the old one might pass; longer: the browser counts as silent.
     *
     * @param vouching the gateway that vouches for calm browsers, if it does
     */
    List<Fence> record(List<Report> reports, @Nullable UUID vouching) {
        var newest = newestById(reports);
        var recorded = sql.inTransaction(statements -> {
            var rows = statements
                    .query(
                            RECORD,
                            BeatRow::of,
                            vouching,
                            Array.column("uuid", newest.values(), Report::browser),
                            Array.column("text", newest.values(), Report::podUid),
                            Array.column("bigint", newest.values(), Report::sequence),
                            Array.column("bigint", newest.values(), Report::epoch),
                            Array.column("bigint", newest.values(), Report::idleMillis),
                            Array.column("bigint", newest.values(), Report::waitedMillis),
                            Array.column("bigint", newest.values(), Report::proxyBytes),
                            Array.column("boolean", newest.values(), Report::isCalm))
                    .stream()
                    .collect(Collectors.toMap(BeatRow::browser, Function.identity()));
            addLate(statements, newest.values(), rows);
            var consequences = Consequences.draw(statements, newest, rows);
            var fences = reports.stream()
                    .flatMap(report -> Optional.ofNullable(rows.get(report.browser())).stream()
                            .map(row -> row.fence(report.session(), report.sequence(), consequences.over())))
                    .toList();
            return new Recorded(fences, consequences);
        });
        recorded.consequences().ended().forEach(listener::ended);
        listener.reset(
                recorded.consequences().renewed(), recorded.consequences().givenUp());
        return recorded.fences();
    }

    private record Recorded(List<Fence> fences, Consequences consequences) {}

    /** Sorted, so that two batches never wait for each other; one per browser, as a statement can write a row once. */
    private static Map<UUID, Report> newestById(List<Report> reports) {
        var newest = new TreeMap<UUID, Report>(Ids.AS_POSTGRES);
        for (var report : reports) {
            newest.merge(report.browser(), report, (one, other) -> one.sequence() >= other.sequence() ? one : other);
        }
        return newest;
    }

    private static final String ADD_LATE = """
            UPDATE /* beat.add-late */ session_history h
               SET proxy_bytes = GREATEST(h.proxy_bytes, l.proxy_bytes)
              FROM unnest(?::uuid[], ?::uuid[], ?::bigint[]) AS l (id, browser_id, proxy_bytes)
             WHERE h.id = l.id AND h.browser_id = l.browser_id AND h.ended_at > hearth_now() - interval '5 minutes'
            """;

    /** An agent that hears of its session's end says once more what passed: more than was known when the session ended. */
    private static void addLate(Sql.Statements statements, Collection<Report> reports, Map<UUID, BeatRow> rows)
            throws SQLException {
        var late = reports.stream()
                .filter(report -> report.proxyBytes() > 0)
                .filter(report -> rows.get(report.browser()) instanceof BeatRow row
                        && row.heard()
                        && report.session().isPresent()
                        && !report.session().get().equals(row.session()))
                .toList();
        if (!late.isEmpty()) {
            statements.update(
                    ADD_LATE,
                    Array.column("uuid", late, report -> report.session().orElse(null)),
                    Array.column("uuid", late, Report::browser),
                    Array.column("bigint", late, Report::proxyBytes));
        }
    }
}
