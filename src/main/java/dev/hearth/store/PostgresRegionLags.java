package dev.hearth.store;

import dev.hearth.claim.RegionLags;
import dev.hearth.store.Sql.Array;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Lags in the control database: a region's own shard may be what is slow. Only what is late already is written, so that a
 * fleet in good order writes nothing. Used by one thread.
 */
final class PostgresRegionLags implements RegionLags {
    /** Beats wait for 1 s to be written together: about as much is no lag. Less than where any limit counts as calm. */
    private static final Duration WORTH_TELLING = Duration.ofMillis(1_100);

    private final Sql sql;
    private final UUID gateway;
    private boolean isSilent;

    PostgresRegionLags(Sql sql, UUID gateway) {
        this.sql = sql;
        this.gateway = gateway;
    }

    /** What a gateway that died has left is cleared by the others. */
    private static final String CLEAR = """
            DELETE /* lag.clear */ FROM ingest_lag
             WHERE (gateway = ? AND virtual_shard <> ALL (?::integer[])) OR seen_at < hearth_now() - interval '1 min'
            """;

    private static final String TELL = """
            INSERT /* lag.tell */ INTO ingest_lag (gateway, virtual_shard, lag_ms, seen_at)
            SELECT ?, l.virtual_shard, l.lag_ms, hearth_now()
              FROM unnest(?::integer[], ?::bigint[]) AS l (virtual_shard, lag_ms)
                ON CONFLICT (gateway, virtual_shard) DO UPDATE
               SET lag_ms = EXCLUDED.lag_ms, seen_at = EXCLUDED.seen_at
            """;

    @Override
    public void tell(Map<Integer, Duration> lags) {
        var shards = new ArrayList<Integer>();
        var millis = new ArrayList<Long>();
        lags.forEach((shard, lag) -> {
            if (lag.compareTo(WORTH_TELLING) > 0) {
                shards.add(shard);
                millis.add(lag.toMillis());
            }
        });
        if (isSilent && shards.isEmpty()) {
            return;
        }
        var told = Array.of("integer", shards);
        sql.inTransaction(statements -> {
            statements.update(CLEAR, gateway, told);
            return statements.update(TELL, gateway, told, Array.of("bigint", millis));
        });
        isSilent = shards.isEmpty();
    }

    /** A gateway that has not told anything for 3 s is dead, and what it held is told elsewhere. */
    private static final String READ = """
            SELECT /* lag.read */ r.name, max(l.lag_ms) AS lag_ms
              FROM ingest_lag l
              JOIN region r ON r.virtual_shard = l.virtual_shard
             WHERE l.seen_at > hearth_now() - interval '3 s'
             GROUP BY r.name
            """;

    @Override
    public Map<String, Duration> read() {
        List<Lag> lags = sql.reading(statements -> statements.query(
                READ, row -> new Lag(SessionRows.text(row, "name"), Duration.ofMillis(row.getLong("lag_ms")))));
        return lags.stream().collect(Collectors.toMap(Lag::region, Lag::longest));
    }

    private record Lag(String region, Duration longest) {}
}
