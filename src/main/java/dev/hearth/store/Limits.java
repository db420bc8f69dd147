package dev.hearth.store;

import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The limits of projects and pools in one shard, beside the counters that a claim compares them with. */
final class Limits {
    /**
     * Stripe 0 for claims under a limit, 32 for the rest, one for each connection as it were: fewer, and endings of one
     * project queue for each other's commits; more, and each claim adds up more rows.
     */
    private static final int STRIPES = 33;

    private final Sql sql;

    Limits(Sql sql) {
        this.sql = sql;
    }

    private static final String OF_PROJECT = """
            INSERT /* limits.project */ INTO project_counter (project, stripe, live_limit, creates_per_minute)
            SELECT ?, stripe, ?::integer, ?::integer
              FROM unnest(?::smallint[]) AS s (stripe)
             ORDER BY stripe
                ON CONFLICT (project, stripe) DO UPDATE
               SET live_limit = EXCLUDED.live_limit, creates_per_minute = EXCLUDED.creates_per_minute,
                   -- another rate begins with a full bucket: what was saved up under the old one has no meaning
                   filled_at = CASE WHEN project_counter.creates_per_minute IS NOT DISTINCT FROM EXCLUDED.creates_per_minute
                                    THEN project_counter.filled_at END
             WHERE project_counter.live_limit IS DISTINCT FROM EXCLUDED.live_limit
                OR project_counter.creates_per_minute IS DISTINCT FROM EXCLUDED.creates_per_minute
            """;

    void ofProject(String project, @Nullable Integer limit, @Nullable Integer createsPerMinute) {
        sql.inTransaction(statements -> statements.update(OF_PROJECT, project, limit, createsPerMinute, stripes()));
    }

    private static final String OF_POOL = """
            INSERT /* limits.pool */ INTO pool_counter (pool_id, stripe, live_limit)
            SELECT ?, stripe, ?::integer
              FROM unnest(?::smallint[]) AS s (stripe)
             ORDER BY stripe
                ON CONFLICT (pool_id, stripe) DO UPDATE SET live_limit = EXCLUDED.live_limit
             WHERE pool_counter.live_limit IS DISTINCT FROM EXCLUDED.live_limit
            """;

    void ofPool(UUID pool, @Nullable Integer limit) {
        sql.inTransaction(statements -> statements.update(OF_POOL, pool, limit, stripes()));
    }

    static Sql.Array stripes() {
        return Sql.Array.of("smallint", IntStream.range(0, STRIPES).boxed().toList());
    }
}
