package dev.hearth.store;

import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionIds;
import dev.hearth.claim.SessionListener;
import dev.hearth.claim.Sha256;
import dev.hearth.pool.Browser;
import dev.hearth.pool.SupplyStore.Location;
import dev.hearth.pool.SupplyStore.NewBrowser;
import dev.hearth.pool.SupplyStore.Slot;
import dev.hearth.store.Sql.Array;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * The operator's writes to one shard. Each shares a lock on the leader's row for its duration: a new leader waits for
 * writes under way, and writes that come after it see its epoch and do nothing.
 */
final class PostgresSupplyStore {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Sql sql;
    private final ToIntFunction<String> virtualShardOfRegion;
    private final InstantSource clock;
    private final SessionListener listener;
    private final Staleness staleness;

    PostgresSupplyStore(
            Sql sql, ToIntFunction<String> virtualShardOfRegion, InstantSource clock, SessionListener listener) {
        this.listener = listener;
        this.sql = sql;
        this.staleness = new Staleness(sql);
        this.virtualShardOfRegion = virtualShardOfRegion;
        this.clock = clock;
    }

    private static final String EPOCH = """
            SELECT /* supply.epoch */ epoch FROM leader
            """;

    /** Of the newest leader that was here. */
    long epoch() {
        return sql.reading(statements -> statements.query(EPOCH, row -> row.getLong("epoch")))
                .getFirst();
    }

    private static final String FENCE = """
            UPDATE /* supply.fence */ leader
               SET identity = ?, epoch = ?, since = hearth_now()
             WHERE epoch < ?
            """;

    /** From now on writes with an older epoch do nothing; where a newer one was here already, so do this one's. */
    void fence(String identity, long epoch) {
        sql.inTransaction(statements -> statements.update(FENCE, identity, epoch, epoch));
    }

    private static final String BROWSERS = """
            SELECT /* supply.browsers */ id, pool_id, pod_name, pod_uid, state, revision, outdated, healthy,
                   created_at, changed_at
              FROM browser
             WHERE pool_id = ?
             ORDER BY created_at, id
            """;

    List<Browser> browsers(UUID pool) {
        return sql.reading(statements -> statements.query(BROWSERS, BrowserRows::browser, pool));
    }

    private static final String RESERVE = """
            WITH /* supply.reserve */ in_charge AS MATERIALIZED (
                SELECT FROM leader WHERE epoch = ? FOR SHARE)
            INSERT INTO browser (pool_id, namespace, pool, region, revision, uses_left, id, pod_name, token_hash)
            SELECT ?, ?, ?, ?, ?, ?, n.id, n.pod_name, n.token_hash
              FROM unnest(?::uuid[], ?::text[], ?::bytea[]) AS n (id, pod_name, token_hash), in_charge
                ON CONFLICT (namespace, pod_name) DO NOTHING
            RETURNING id
            """;

    List<NewBrowser> reserve(Slot slot, int count, long leaderEpoch) {
        var wishes = wishes(slot, count);
        return sql.inTransaction(statements -> {
            var reserved = new ArrayList<NewBrowser>();
            var open = wishes;
            // A name that a living pod of the namespace bears is chosen anew; 14 million of them make that rare.
            for (var round = 0; round < 3 && !open.isEmpty(); round++) {
                var inserted = insert(statements, slot, open, leaderEpoch);
                open.stream().filter(wish -> inserted.contains(wish.id())).forEach(reserved::add);
                if (inserted.isEmpty()) {
                    return reserved;
                }
                open = wishes(slot, count - reserved.size());
            }
            return reserved;
        });
    }

    private List<NewBrowser> wishes(Slot slot, int count) {
        var wishes = new ArrayList<NewBrowser>();
        var names = new HashSet<String>();
        while (wishes.size() < count) {
            var name = PodNames.next(slot.name(), RANDOM);
            if (names.add(name)) {
                var id = SessionIds.mint(virtualShardOfRegion.applyAsInt(slot.region()), clock.instant());
                wishes.add(new NewBrowser(id, name, token()));
            }
        }
        return wishes;
    }

    private static Set<UUID> insert(Sql.Statements statements, Slot slot, List<NewBrowser> wishes, long leaderEpoch)
            throws SQLException {
        return new HashSet<>(statements.query(
                RESERVE,
                row -> SessionRows.uuid(row, "id"),
                leaderEpoch,
                slot.pool(),
                slot.namespace(),
                slot.name(),
                slot.region(),
                slot.revision(),
                slot.uses() - 1,
                Array.of("uuid", wishes.stream().map(NewBrowser::id).toList()),
                Array.of("text", wishes.stream().map(NewBrowser::podName).toList()),
                Array.ofBytes(
                        wishes.stream().map(wish -> Sha256.of(wish.beatToken())).toList())));
    }

    private static final String WARM = """
            WITH /* supply.warm */ in_charge AS MATERIALIZED (
                SELECT FROM leader WHERE epoch = ? FOR SHARE),
            warm AS (
                UPDATE browser
                   SET state = 'WARM', claimable = true, pod_uid = ?, address = ?, zone = nullif(?, ''),
                       changed_at = hearth_now()
                 WHERE id = ? AND state = 'STARTING' AND EXISTS (SELECT FROM in_charge)
                RETURNING id, pool_id, created_at, changed_at),
            heard AS (
                INSERT INTO liveness (browser_id, sequence, seen_at, active_at)
                SELECT id, -1, hearth_now(), hearth_now() FROM warm
                    ON CONFLICT (browser_id) DO NOTHING),
            measured AS (
                INSERT INTO pool_start AS p (pool_id, start_ms)
                SELECT pool_id, (extract(epoch FROM changed_at - created_at) * 1000)::bigint FROM warm
                    ON CONFLICT (pool_id) DO UPDATE SET start_ms = (p.start_ms * 3 + EXCLUDED.start_ms) / 4)
            SELECT id FROM warm
            """;

    boolean warm(UUID browser, Location location, long leaderEpoch) {
        return sql.inTransaction(statements -> !statements
                .query(
                        WARM,
                        row -> SessionRows.uuid(row, "id"),
                        leaderEpoch,
                        location.podUid(),
                        location.address(),
                        location.zone(),
                        browser)
                .isEmpty());
    }

    private static final String RETIRE = """
            WITH /* supply.retire */ in_charge AS MATERIALIZED (
                SELECT FROM leader WHERE epoch = ? FOR SHARE)
            UPDATE browser
               SET state = 'RETIRING', claimable = false,
                   changed_at = CASE state WHEN 'RETIRING' THEN changed_at ELSE hearth_now() END
             WHERE id = ? AND state IN ('WARM', 'STARTING', 'RESETTING', 'FAILED', 'RETIRING') AND EXISTS (SELECT FROM in_charge)
            """;

    boolean retire(UUID browser, long leaderEpoch) {
        return sql.inTransaction(statements -> statements.update(RETIRE, leaderEpoch, browser) == 1);
    }

    private static final String FAIL = """
            WITH /* supply.fail */ in_charge AS MATERIALIZED (
                SELECT FROM leader WHERE epoch = ? FOR SHARE)
            UPDATE browser
               SET state = 'FAILED', claimable = false, healthy = false, failure = ?, changed_at = hearth_now()
             WHERE id = ? AND state IN ('WARM', 'STARTING') AND EXISTS (SELECT FROM in_charge)
            """;

    boolean fail(UUID browser, String reason, long leaderEpoch) {
        return sql.inTransaction(statements -> statements.update(FAIL, leaderEpoch, reason, browser) == 1);
    }

    private static final String LOCK_GONE = """
            WITH /* supply.gone-lock */ in_charge AS MATERIALIZED (
                SELECT FROM leader WHERE epoch = ? FOR SHARE)
            SELECT b.session_id
              FROM in_charge, browser b
             WHERE b.id = ?
               FOR NO KEY UPDATE OF b
            """;

    private static final String DELETE_GONE = """
            WITH /* supply.gone */ silent AS (
                DELETE FROM liveness WHERE browser_id = ?)
            DELETE FROM browser WHERE id = ?
            """;

    /** The row is locked first: a claim that is under way is waited for, and its session ended with the rest. */
    void gone(UUID browser, EndReason reason, long leaderEpoch) {
        var ended = sql.inTransaction(statements -> {
            var found = statements.query(
                    LOCK_GONE,
                    row -> java.util.Optional.ofNullable(row.getObject("session_id", UUID.class)),
                    leaderEpoch,
                    browser);
            if (found.isEmpty()) {
                return List.<Session>of();
            }
            var due = found.getFirst().stream()
                    .map(session -> new Endings.Due(session, reason))
                    .toList();
            var over = Endings.end(statements, due);
            statements.update(DELETE_GONE, browser, browser);
            return over;
        });
        ended.forEach(listener::ended);
    }

    Staleness staleness() {
        return staleness;
    }

    private static final String POOLS = """
            SELECT /* supply.pools */ DISTINCT pool_id FROM browser
            """;

    List<UUID> poolsWithBrowsers() {
        return sql.surveying(statements -> statements.query(POOLS, row -> SessionRows.uuid(row, "pool_id")));
    }

    private static final String MARKS = """
            SELECT /* supply.marks */ pool_id,
                   concat_ws(':', count(*), max(changed_at),
                             bit_xor(hashtextextended(id::text || state || healthy || stale || epoch, 0))) AS mark
              FROM browser
             GROUP BY pool_id
            """;

    Map<UUID, String> marks() {
        return sql
                .surveying(statements -> statements.query(
                        MARKS, row -> Map.entry(SessionRows.uuid(row, "pool_id"), row.getString("mark"))))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static String token() {
        var secret = new byte[32];
        RANDOM.nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }
}
