package dev.hearth.store;

import dev.hearth.claim.ClaimOutcome.NoneWarm;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.Vacancies.Stock;
import dev.hearth.store.Sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What pools have and expect. A pool that nobody counted has nothing. */
record Stocks(Map<UUID, Stock> pools) {
    static final Stocks UNKNOWN = new Stocks(Map.of());

    /**
     * No more than 64 browsers are counted: nobody claims more at once. A browser is expected when its pool's starts have
     * taken lately; one that is late by as much again counts for nothing, so that one that hangs does not promise for ever.
     * To reset one takes no longer than to start one.
     */
    private static final String STOCK = """
            SELECT /* claim.stock */ p.pool_id,
                   GREATEST(0, LEAST(
                       (SELECT count(*)
                          FROM (SELECT FROM browser b WHERE b.pool_id = p.pool_id AND b.claimable LIMIT 64) found),
                       (SELECT max(c.live_limit) - sum(c.live) FROM pool_counter c WHERE c.pool_id = p.pool_id))) AS claimable,
                   s.starting, s.ready_ms
              FROM unnest(?::uuid[]) AS p (pool_id)
              LEFT JOIN pool_start t ON t.pool_id = p.pool_id
             CROSS JOIN LATERAL (
                   SELECT count(*) AS starting,
                          (extract(epoch FROM min(GREATEST(b.since + t.start_ms * interval '1 ms' - hearth_now(), interval '0'))
                             FILTER (WHERE b.since + 2 * t.start_ms * interval '1 ms' > hearth_now())) * 1000)::bigint
                          AS ready_ms
                     FROM (SELECT CASE state WHEN 'STARTING' THEN created_at ELSE changed_at END AS since
                             FROM browser
                            WHERE pool_id = p.pool_id AND state IN ('STARTING', 'RESETTING')) b) s
            """;

    static Stocks of(Sql.Statements statements, Collection<UUID> pools) throws SQLException {
        return new Stocks(statements.query(STOCK, Stocks::entry, Array.of("uuid", pools)).stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    private static Map.Entry<UUID, Stock> entry(ResultSet row) throws SQLException {
        var ready = (Long) row.getObject("ready_ms");
        return Map.entry(
                SessionRows.uuid(row, "pool_id"),
                new Stock(
                        row.getInt("claimable"),
                        row.getInt("starting"),
                        ready == null ? null : Duration.ofMillis(ready)));
    }

    /** Whether browsers were claimable when looked at: others may hold them, and may yet let go. */
    boolean held(ClaimRequest request) {
        return of(request).anyMatch(stock -> stock.claimable() > 0);
    }

    NoneWarm noneWarm(ClaimRequest request) {
        return new NoneWarm(of(request).mapToInt(Stock::starting).sum(), ready(request));
    }

    private @Nullable Duration ready(ClaimRequest request) {
        return of(request)
                .map(Stock::ready)
                .filter(Objects::nonNull)
                .min(Duration::compareTo)
                .orElse(null);
    }

    private Stream<Stock> of(ClaimRequest request) {
        return request.candidates().stream()
                .map(ClaimRequest.Candidate::pool)
                .filter(pools::containsKey)
                .map(pools::get);
    }
}
