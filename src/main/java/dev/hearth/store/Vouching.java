package dev.hearth.store;

import dev.hearth.claim.HeartbeatStore.Pulse;
import dev.hearth.claim.HeartbeatStore.Silence;
import dev.hearth.store.Sql.Array;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What gateways say of browsers whose beats they do not write. Whoever is silent leaves their care before they say again that
 * they hear the rest: a gateway that was stopped for a while vouches for nobody whom it has not heard.
 */
final class Vouching {
    /** Less would take more turns after an outage, more would hold its locks for longer. */
    private static final int PORTION = 1_000;

    private final Sql sql;

    Vouching(Sql sql) {
        this.sql = sql;
    }

    private static final String WITHDRAW = """
            WITH /* vouching.withdraw */ silent AS MATERIALIZED (
                SELECT l.browser_id, s.silent_ms
                  FROM unnest(?::uuid[], ?::bigint[], ?::bigint[]) AS s (browser_id, sequence, silent_ms)
                  JOIN liveness l ON l.browser_id = s.browser_id
                 WHERE l.vouched_by = ? AND l.sequence <= s.sequence
                   AND NOT EXISTS (SELECT FROM browser b JOIN departed d ON d.region = b.region WHERE b.id = l.browser_id)
                 ORDER BY l.browser_id
                   FOR NO KEY UPDATE OF l)
            UPDATE liveness l
               SET vouched_by = NULL,
                   seen_at = GREATEST(l.seen_at, hearth_now() - s.silent_ms * interval '1 ms')
              FROM silent s
             WHERE l.browser_id = s.browser_id
            """;

    private static final String PULSE = """
            WITH /* vouching.pulse */ pulse AS (
                INSERT INTO vouching (gateway, seen_at) VALUES (?, hearth_now())
                    ON CONFLICT (gateway) DO UPDATE SET seen_at = EXCLUDED.seen_at
                RETURNING gateway, xmax = 0 AS first)
            SELECT p.first,
                   NOT EXISTS (SELECT FROM gateway g
                                WHERE g.seen_at >= hearth_now() - interval '3 s' AND g.incarnation <> p.gateway
                                  AND NOT EXISTS (SELECT FROM vouching v WHERE v.gateway = g.incarnation)) AS understood
              FROM pulse p
            """;

    /**
     * The idleness of the first is judged by what their agents say, who may not know yet that they were claimed. Those of the
     * others may know neither of the session nor of its end, and so not that a new Chrome is wanted.
     */
    private static final String WANTED = """
            SELECT /* vouching.wanted */ browser_id
              FROM session
             WHERE next_deadline <= hearth_now() + interval '7 s' AND idle_ms > 0
             UNION ALL
            SELECT id
              FROM browser
             WHERE state = 'RESETTING'
            """;

    private static final String FORGET_DEAD = """
            DELETE /* vouching.forget-dead */ FROM vouching WHERE seen_at < hearth_now() - interval '1 hour'
            """;

    Pulse pulse(UUID gateway, List<Silence> silent) {
        var inOrder = silent.stream()
                .sorted(Comparator.comparing(Silence::browser, Ids.AS_POSTGRES))
                .toList();
        for (var from = 0; from < inOrder.size(); from += PORTION) {
            withdraw(gateway, inOrder.subList(from, Math.min(inOrder.size(), from + PORTION)));
        }
        return sql.inTransaction(statements -> {
            var pulse = statements
                    .query(
                            PULSE,
                            row -> new Pulse(row.getBoolean("first"), row.getBoolean("understood"), Set.of()),
                            gateway)
                    .getFirst();
            if (pulse.isFirst()) {
                statements.update(FORGET_DEAD);
            }
            var wanted = statements.query(WANTED, row -> SessionRows.uuid(row, "browser_id"));
            return new Pulse(pulse.isFirst(), pulse.isUnderstood(), Set.copyOf(wanted));
        });
    }

    private void withdraw(UUID gateway, List<Silence> silent) {
        sql.inTransaction(statements -> statements.update(
                WITHDRAW,
                Array.of("uuid", silent.stream().map(Silence::browser).toList()),
                Array.of("bigint", silent.stream().map(Silence::sequence).toList()),
                Array.of("bigint", silent.stream().map(Silence::millis).toList()),
                gateway));
    }
}
