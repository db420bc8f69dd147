package dev.hearth.store;

import dev.hearth.claim.Deadlines;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionListener;
import dev.hearth.store.Endings.Due;
import dev.hearth.store.Sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What time alone brings about: sessions whose deadline passed end, browsers that fell silent leave the claim. Every
 * gateway runs it each second; they do not disturb each other. After a pause of all of them (Postgres was away, so beats
 * were lost too) nothing that a beat could have prevented is due for 15 s.
 */
final class Sweep implements Deadlines.OfShard {
    /** Browsers at once. More would hold their rows for longer, fewer take more turns when a whole region falls silent. */
    private static final int PORTION = 5_000;

    /** More often: a region that is lost for hours is read each time. Less often: what was locked once stays in the claim. */
    private static final Duration ALL = Duration.ofMinutes(1);

    private final String name;
    private final Sql sql;
    private final SessionListener listener;
    /** Of the one thread that looks for silent browsers. */
    private boolean lookAtAll = true;

    private long allSeen;

    Sweep(String name, Sql sql, SessionListener listener) {
        this.name = name;
        this.sql = sql;
        this.listener = listener;
    }

    @Override
    public String name() {
        return name;
    }

    private static final String TICK = """
            INSERT /* sweep.tick */ INTO sweep AS s (swept_at, grace_until)
            VALUES (clock_timestamp(), clock_timestamp() + interval '15 s')
                ON CONFLICT (only_row) DO UPDATE
               SET swept_at = EXCLUDED.swept_at,
                   grace_until = CASE WHEN s.swept_at < EXCLUDED.swept_at - interval '5 s'
                                      THEN EXCLUDED.grace_until ELSE s.grace_until END
            RETURNING grace_until > swept_at AS grace, xmax = 0 AS first
            """;

    /** Liveness is lost with a crash, the row of the last sweep with it: all are given the time to be heard again. */
    private static final String REVIVE = """
            INSERT /* sweep.revive */ INTO liveness (browser_id, sequence, seen_at, active_at)
            SELECT id, -1, hearth_now(), hearth_now() FROM browser
             WHERE state IN ('WARM', 'CLAIMED') AND region <> ALL (ARRAY(SELECT region FROM departed))
                ON CONFLICT (browser_id) DO NOTHING
            """;

    private boolean isGrace() {
        var tick = sql.inTransaction(statements -> statements
                .query(TICK, row -> new Tick(row.getBoolean("grace"), row.getBoolean("first")))
                .getFirst());
        if (tick.first()) {
            sql.surveying(statements -> statements.update(REVIVE));
        }
        return tick.grace();
    }

    private static final String OVERDUE = """
            SELECT /* sweep.overdue */ s.id,
                   CASE WHEN ?::boolean THEN 'TimedOut'
                        WHEN s.next_deadline = s.thaw_by THEN 'BrowserCrashed'
                        WHEN s.next_deadline = s.connect_by THEN 'NeverConnected'
                        WHEN s.next_deadline = s.reconnect_by THEN 'ClientDisconnected'
                        WHEN s.next_deadline = s.expires_at THEN 'TimedOut'
                        WHEN l.seen_at >= GREATEST(l.active_at, s.started_at) + s.idle_ms * interval '1 ms' THEN 'Idle'
                        WHEN s.expires_at <= hearth_now() THEN 'TimedOut'
                   END AS reason
              FROM session s
              LEFT JOIN liveness l ON l.browser_id = s.browser_id
             WHERE s.next_deadline <= hearth_now() AND (NOT ? OR s.expires_at <= hearth_now())
               AND s.region <> ALL (ARRAY(SELECT region FROM departed))
             ORDER BY s.next_deadline
             LIMIT ?
               FOR NO KEY UPDATE OF s SKIP LOCKED
            """;

    private static final String NOT_IDLE = """
            UPDATE /* sweep.not-idle */ session s
               SET idle_by = GREATEST(
                       (SELECT l.active_at FROM liveness l WHERE l.browser_id = s.browser_id) + s.idle_ms * interval '1 ms',
                       hearth_now() + LEAST(s.idle_ms * interval '1 ms', interval '5 s'))
             WHERE s.id = ANY (?::uuid[])
            """;

    /**
     * Idleness ends a session by its agent's word alone, and by one that was heard after the deadline: an older one may have
     * been followed by a command. The beat of that moment ends it; what is left for the sweep are those that had to wait
     * for the end of a pause. Where the agent was active or is silent, it is looked at again.
     */
    @Override
    public List<Session> endOverdue(int limit) {
        var grace = isGrace();
        var ended = sql.inTransaction(statements -> {
            var overdue = statements.query(OVERDUE, Overdue::of, grace, grace, limit);
            var alive = overdue.stream()
                    .filter(it -> it.reason() == null)
                    .map(Overdue::session)
                    .toList();
            if (!alive.isEmpty()) {
                statements.update(NOT_IDLE, Array.of("uuid", alive));
            }
            return Endings.end(
                    statements,
                    overdue.stream().flatMap(it -> it.due().stream()).toList());
        });
        ended.forEach(listener::ended);
        return ended;
    }

    /**
     * Whom a gateway vouches for was heard when the gateway was, as long as it writes of him every so often: what it may have
     * forgotten is found by that.
     */
    private static final String IS_LATE = """
            l.seen_at < (SELECT hearth_now()) - ? * interval '1 ms'
            AND (l.vouched_by IS NULL OR l.seen_at < (SELECT hearth_now()) - interval '150 s'
                 OR l.vouched_by <> ALL (ARRAY(
                        SELECT gateway FROM vouching WHERE seen_at >= (SELECT hearth_now()) - ? * interval '1 ms')))
            """;

    /** All rows, once; joined with browsers they were joined with all of them, for as few as there mostly are. */
    private static final String LATE = """
            SELECT /* sweep.late */ l.browser_id
              FROM liveness l
             WHERE %s AND (? OR l.seen_at >= (SELECT hearth_now()) - interval '5 min')
             ORDER BY l.browser_id
            """.formatted(IS_LATE);

    private static final String MUTE = """
            WITH /* sweep.mute */ silent AS MATERIALIZED (
                SELECT b.id
                  FROM unnest(?::uuid[]) AS late (id)
                  JOIN liveness l ON l.browser_id = late.id
                  JOIN browser b ON b.id = late.id
                 WHERE b.claimable AND b.region <> ALL (ARRAY(SELECT region FROM departed)) AND %s
                 ORDER BY b.id
                   FOR NO KEY UPDATE OF b SKIP LOCKED)
            UPDATE browser b
               SET claimable = false
              FROM silent s
             WHERE b.id = s.id
            """.formatted(IS_LATE);

    private static final String UNMUTE = """
            WITH /* sweep.unmute */ heard AS MATERIALIZED (
                SELECT b.id
                  FROM browser b
                  JOIN liveness l ON l.browser_id = b.id
                 WHERE b.state = 'WARM' AND NOT b.claimable AND b.healthy
                   AND l.sequence >= 0 AND NOT (%s)
                   AND b.region <> ALL (ARRAY(SELECT region FROM departed))
                 ORDER BY b.id
                 LIMIT ?
                   FOR NO KEY UPDATE OF b SKIP LOCKED)
            UPDATE browser b
               SET claimable = true
              FROM heard h
             WHERE b.id = h.id
            """.formatted(IS_LATE);

    @Override
    public int flipSilent(Duration silence) {
        var grace = isGrace();
        lookAtAll |= grace;
        var muted = grace ? 0 : mute(silence.toMillis());
        return muted + unmute(silence.toMillis());
    }

    /** Those that have been silent for minutes were seen to be; all are looked at after a pause, and every so often. */
    private int mute(long silence) {
        var now = System.nanoTime();
        var all = lookAtAll || now - allSeen > ALL.toNanos();
        var late = sql.surveying(statements ->
                statements.query(LATE, row -> SessionRows.uuid(row, "browser_id"), silence, silence, all));
        var muted = 0;
        for (var from = 0; from < late.size(); from += PORTION) {
            var portion = Array.of("uuid", late.subList(from, Math.min(late.size(), from + PORTION)));
            muted += sql.inTransaction(statements -> statements.update(MUTE, portion, silence, silence));
        }
        if (all) {
            lookAtAll = false;
            allSeen = now;
        }
        return muted;
    }

    private int unmute(long silence) {
        var unmuted = 0;
        for (var portion = -1; portion != 0; unmuted += portion) {
            portion = sql.surveying(statements -> statements.update(UNMUTE, silence, silence, PORTION));
        }
        return unmuted;
    }

    private record Tick(boolean grace, boolean first) {}

    private record Overdue(UUID session, @Nullable EndReason reason) {
        static Overdue of(ResultSet row) throws SQLException {
            var reason = row.getString("reason");
            return new Overdue(SessionRows.uuid(row, "id"), reason == null ? null : EndReason.ofWord(reason));
        }

        List<Due> due() {
            return reason == null ? List.of() : List.of(new Due(session, reason));
        }
    }
}
