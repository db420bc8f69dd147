package dev.hearth.store;

import dev.hearth.store.Sql.Array;
import java.util.List;
import java.util.UUID;

/** Which browsers of one shard a claim takes last, and no session uses again: those of an old revision, and those too old. */
final class Staleness {
    /** A claim must not find a whole pool locked. */
    private static final int PORTION = 500;

    private final Sql sql;

    Staleness(Sql sql) {
        this.sql = sql;
    }

    private static final String MARK_CURRENT = """
            WITH /* supply.mark-current */ in_charge AS MATERIALIZED (
                SELECT FROM leader WHERE epoch = ? FOR SHARE),
            changed AS MATERIALIZED (
                SELECT id
                  FROM browser
                 WHERE pool_id = ? AND state IN ('STARTING', 'WARM', 'RESETTING') AND stale <> (revision <> ? OR outdated)
                 ORDER BY id
                 LIMIT 500
                   FOR NO KEY UPDATE)
            UPDATE browser b
               SET stale = NOT b.stale
              FROM changed c
             WHERE b.id = c.id AND EXISTS (SELECT FROM in_charge)
            """;

    private static final String LAST_USE = """
            WITH /* supply.last-use */ in_charge AS MATERIALIZED (
                SELECT FROM leader WHERE epoch = ? FOR SHARE),
            old AS MATERIALIZED (
                SELECT id
                  FROM browser
                 WHERE pool_id = ? AND state = 'CLAIMED' AND uses_left > 0 AND revision <> ?
                 ORDER BY id
                 LIMIT 500
                   FOR NO KEY UPDATE SKIP LOCKED)
            UPDATE browser b
               SET uses_left = 0
              FROM old o
             WHERE b.id = o.id AND EXISTS (SELECT FROM in_charge)
            """;

    /**
     * In portions: a claim must not find a whole pool locked. Claimed browsers of an old revision go with their sessions; one
     * that is just being ended is passed over, and found stale once it is reset.
     */
    void markCurrent(UUID pool, String revision, long leaderEpoch) {
        for (var portion : List.of(MARK_CURRENT, LAST_USE)) {
            int changed;
            do {
                changed = sql.inTransaction(statements -> statements.update(portion, leaderEpoch, pool, revision));
            } while (changed > 0);
        }
    }

    private static final String OUTDATE = """
            WITH /* supply.outdate */ in_charge AS MATERIALIZED (
                SELECT FROM leader WHERE epoch = ? FOR SHARE),
            old AS MATERIALIZED (
                SELECT id
                  FROM browser
                 WHERE id = ANY (?) AND state IN ('WARM', 'CLAIMED', 'RESETTING') AND NOT outdated
                 ORDER BY id
                   FOR NO KEY UPDATE SKIP LOCKED)
            UPDATE browser b
               SET outdated = true,
                   stale = true,
                   uses_left = 0
              FROM old o
             WHERE b.id = o.id AND EXISTS (SELECT FROM in_charge)
            """;

    boolean outdate(List<UUID> browsers, long leaderEpoch) {
        var changed = 0;
        for (var from = 0; from < browsers.size(); from += PORTION) {
            var portion = Array.of("uuid", browsers.subList(from, Math.min(from + PORTION, browsers.size())));
            changed += sql.inTransaction(statements -> statements.update(OUTDATE, leaderEpoch, portion));
        }
        return changed > 0;
    }
}
