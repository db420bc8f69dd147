package dev.hearth.store;

import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The limits of projects and pools in one shard, beside the counters that a claim compares them with. */
final class Limits {
    /** Stripe 0 for claims, the rest for endings: fewer, and endings queue; more, and each claim adds up more rows. */
    private static final int STRIPES = 9;

    private final Sql sql;

    Limits(Sql sql) {
        this.sql = sql;
    }

    private static final String OF_PROJECT = """
            INSERT /* limits.project */ INTO project_counter (project, stripe, live_limit)
            SELECT ?, stripe, ?::integer
              FROM unnest(?::smallint[]) AS s (stripe)
             ORDER BY stripe
                ON CONFLICT (project, stripe) DO UPDATE SET live_limit = EXCLUDED.live_limit
             WHERE project_counter.live_limit IS DISTINCT FROM EXCLUDED.live_limit
            """;

    void ofProject(String project, @Nullable Integer limit) {
        sql.inTransaction(statements -> statements.update(OF_PROJECT, project, limit, stripes()));
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
