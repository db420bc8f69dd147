package dev.hearth.store;

import dev.hearth.claim.EndReason;
import dev.hearth.claim.HeartbeatStore.Report;
import dev.hearth.claim.Session;
import dev.hearth.pool.BrowserState;
import dev.hearth.store.Sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What a batch of reports changes beside liveness, in the transaction that wrote them.
 *
 * @param over sessions that are over by these reports
 * @param ended those of them that nobody else had ended
 * @param renewed browsers that wait for their next session, with a new Chrome
 * @param givenUp browsers that could not get one
 */
record Consequences(Set<UUID> over, List<Session> ended, int renewed, int givenUp) {
    static Consequences draw(Sql.Statements statements, Map<UUID, Report> reports, Map<UUID, BeatRow> rows)
            throws SQLException {
        var sick = new ArrayList<UUID>();
        var well = new ArrayList<UUID>();
        var renewed = new ArrayList<UUID>();
        var spent = new ArrayList<UUID>();
        var over = new ArrayList<Endings.Due>();
        var changed = new ArrayList<BeatVerdict.Changed>();
        var idle = new ArrayList<BeatVerdict.Idle>();
        for (var report : reports.values()) {
            var row = rows.get(report.browser());
            if (row != null && row.heard()) {
                switch (BeatVerdict.of(row.known(), report)) {
                    case BeatVerdict.Nothing() -> {}
                    case BeatVerdict.Sick() -> sick.add(report.browser());
                    case BeatVerdict.Well() -> well.add(report.browser());
                    case BeatVerdict.Renewed() -> renewed.add(report.browser());
                    case BeatVerdict.Spent() -> spent.add(report.browser());
                    case BeatVerdict.Idle one -> idle.add(one);
                    case BeatVerdict.Over(var session, var reason) -> over.add(new Endings.Due(session, reason));
                    case BeatVerdict.Changed change -> changed.add(change);
                }
            }
        }
        var stillIdle = stillIdle(statements, idle);
        for (var one : idle) {
            if (stillIdle.contains(one.session())) {
                over.add(new Endings.Due(one.session(), EndReason.IDLE));
            } else if (one.otherwise() instanceof BeatVerdict.Changed change) {
                changed.add(change);
            }
        }
        setHealth(statements, sick, false);
        setHealth(statements, well, true);
        var goOn = afterReset(statements, renewed, BrowserState.WARM);
        var go = afterReset(statements, spent, BrowserState.RETIRING);
        change(statements, changed);
        var ended = Endings.end(statements, over);
        return new Consequences(over.stream().map(Endings.Due::session).collect(Collectors.toSet()), ended, goOn, go);
    }

    private static final String STILL_IDLE = """
            SELECT /* beat.still-idle */ s.id
              FROM session s
              JOIN liveness l ON l.browser_id = s.browser_id
             CROSS JOIN sweep w
             WHERE s.id = ANY (?::uuid[])
               AND l.seen_at >= GREATEST(l.active_at, s.started_at) + s.idle_ms * interval '1 ms'
               AND LEAST(s.expires_at, s.connect_by, s.reconnect_by, s.thaw_by) > hearth_now()
               AND w.grace_until <= clock_timestamp() AND w.swept_at >= clock_timestamp() - interval '5 s'
            """;

    /**
     * The activity that is known is this beat's, whose row this transaction has locked. Where another deadline has passed
     * too, or after a pause of all sweeps, the sweep decides.
     */
    private static Set<UUID> stillIdle(Sql.Statements statements, List<BeatVerdict.Idle> idle) throws SQLException {
        return idle.isEmpty()
                ? Set.of()
                : Set.copyOf(statements.query(
                        STILL_IDLE,
                        row -> SessionRows.uuid(row, "id"),
                        Array.column("uuid", idle, BeatVerdict.Idle::session)));
    }

    private static final String SET_HEALTH = """
            UPDATE /* beat.set-health */ browser
               SET healthy = ?, claimable = ?
             WHERE id = ANY (?::uuid[]) AND state = 'WARM'
            """;

    private static void setHealth(Sql.Statements statements, List<UUID> browsers, boolean healthy) throws SQLException {
        if (!browsers.isEmpty()) {
            statements.update(SET_HEALTH, healthy, healthy, Array.of("uuid", browsers));
        }
    }

    /** What passed the guard counts for a session: the next one's begins at nothing. */
    private static final String AFTER_RESET = """
            WITH /* beat.after-reset */ counted AS (
                UPDATE liveness SET proxy_bytes = 0 WHERE browser_id = ANY (?::uuid[]) AND proxy_bytes > 0)
            UPDATE browser
               SET state = ?, claimable = ?, healthy = true, changed_at = hearth_now()
             WHERE id = ANY (?::uuid[]) AND state = 'RESETTING'
            """;

    /** @return how many of them were still being reset */
    private static int afterReset(Sql.Statements statements, List<UUID> browsers, BrowserState state)
            throws SQLException {
        if (browsers.isEmpty()) {
            return 0;
        }
        var ids = Array.of("uuid", browsers);
        return statements.update(AFTER_RESET, ids, state.name(), state == BrowserState.WARM, ids);
    }

    private static final String CHANGE = """
            UPDATE /* beat.change */ session s
               SET connect_by = CASE WHEN c.connected THEN NULL ELSE s.connect_by END,
                   reconnect_by = CASE WHEN c.lost THEN coalesce(s.reconnect_by, hearth_now() + s.reconnect_ms * interval '1 ms')
                                       WHEN NOT c.lost THEN NULL
                                       ELSE s.reconnect_by END,
                   thaw_by = CASE WHEN c.frozen THEN coalesce(s.thaw_by, hearth_now() + interval '30 s')
                                  WHEN NOT c.frozen THEN NULL
                                  ELSE s.thaw_by END,
                   updated_at = hearth_now()
              FROM unnest(?::uuid[], ?::boolean[], ?::boolean[], ?::boolean[]) AS c (id, connected, lost, frozen)
             WHERE s.id = c.id
            """;

    private static void change(Sql.Statements statements, List<BeatVerdict.Changed> changed) throws SQLException {
        if (!changed.isEmpty()) {
            statements.update(
                    CHANGE,
                    Array.column("uuid", changed, BeatVerdict.Changed::session),
                    Array.column("boolean", changed, BeatVerdict.Changed::connected),
                    Array.column("boolean", changed, change -> change.lost().orElse(null)),
                    Array.column("boolean", changed, change -> change.frozen().orElse(null)));
        }
    }
}
