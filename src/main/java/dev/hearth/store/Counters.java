package dev.hearth.store;

import dev.hearth.claim.ClaimRequest;
import dev.hearth.store.Sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The counters of a claim group; those with a limit are locked until its transaction ends. Always projects before pools and
 * each in the order of their ids, so that two groups never wait for each other. Without a limit nothing is compared, so
 * nothing is locked: claims then count in the stripes, as endings do.
 */
record Counters(Map<String, Quota> projects, Map<UUID, Quota> pools) {

    private static final String LOCK = """
            WITH /* claim.count */ projects AS MATERIALIZED (
                SELECT c.project, c.live_limit, c.creates_per_minute,
                       create_tokens(c.creates_per_minute, c.tokens, c.filled_at) AS tokens,
                       c.live + (SELECT coalesce(sum(o.live), 0)
                                   FROM project_counter o
                                  WHERE o.project = c.project AND o.stripe > 0) AS live
                  FROM project_counter c
                 WHERE c.project = ANY (?::text[]) AND c.stripe = 0
                   AND (c.live_limit IS NOT NULL OR c.creates_per_minute IS NOT NULL)
                 ORDER BY c.project
                   FOR NO KEY UPDATE OF c),
            pools AS MATERIALIZED (
                SELECT c.pool_id, c.live_limit,
                       c.live + (SELECT coalesce(sum(o.live), 0)
                                   FROM pool_counter o
                                  WHERE o.pool_id = c.pool_id AND o.stripe > 0) AS live
                  FROM pool_counter c
                 WHERE c.pool_id = ANY (?::uuid[]) AND c.stripe = 0 AND c.live_limit IS NOT NULL
                 ORDER BY c.pool_id
                   FOR NO KEY UPDATE OF c)
            SELECT project, NULL::uuid AS pool_id, live, live_limit, creates_per_minute, tokens FROM projects
             UNION ALL
            SELECT NULL, pool_id, live, live_limit, NULL, NULL FROM pools
             UNION ALL
            SELECT project, NULL, 0, NULL, NULL, NULL
              FROM project_counter
             WHERE project = ANY (?::text[]) AND stripe = 0 AND live_limit IS NULL AND creates_per_minute IS NULL
             UNION ALL
            SELECT NULL, pool_id, 0, NULL, NULL, NULL
              FROM pool_counter
             WHERE pool_id = ANY (?::uuid[]) AND stripe = 0 AND live_limit IS NULL
            """;

    private static final String ADD_PROJECTS = """
            INSERT /* claim.add-project-counters */ INTO project_counter (project, stripe)
            SELECT p.project, s.stripe
              FROM unnest(?::text[]) AS p (project), unnest(?::smallint[]) AS s (stripe)
             ORDER BY p.project, s.stripe
                ON CONFLICT DO NOTHING
            """;

    private static final String ADD_POOLS = """
            INSERT /* claim.add-pool-counters */ INTO pool_counter (pool_id, stripe)
            SELECT p.pool_id, s.stripe
              FROM unnest(?::uuid[]) AS p (pool_id), unnest(?::smallint[]) AS s (stripe)
             ORDER BY p.pool_id, s.stripe
                ON CONFLICT DO NOTHING
            """;

    static Counters lock(Sql.Statements statements, List<ClaimRequest> requests) throws SQLException {
        var projects = requests.stream().map(ClaimRequest::project).distinct().toList();
        var pools = requests.stream()
                .flatMap(request -> request.candidates().stream())
                .map(ClaimRequest.Candidate::pool)
                .distinct()
                .toList();
        var locked = lock(statements, projects, pools);
        if (locked.projects.size() == projects.size() && locked.pools.size() == pools.size()) {
            return locked;
        }
        // Not mirrored to this shard yet: counted from now on, without a limit until the directory brings it.
        statements.update(ADD_PROJECTS, Array.of("text", projects), Limits.stripes());
        statements.update(ADD_POOLS, Array.of("uuid", pools), Limits.stripes());
        return lock(statements, projects, pools);
    }

    private static Counters lock(Sql.Statements statements, Collection<String> projects, Collection<UUID> pools)
            throws SQLException {
        var counters = new Counters(new HashMap<>(), new HashMap<>());
        var names = Array.of("text", projects);
        var ids = Array.of("uuid", pools);
        statements.query(LOCK, counters::read, names, ids, names, ids);
        return counters;
    }

    private Quota read(ResultSet row) throws SQLException {
        var quota = Quota.of(row);
        var project = row.getString("project");
        if (project == null) {
            pools.put(SessionRows.uuid(row, "pool_id"), quota);
        } else {
            projects.put(project, quota);
        }
        return quota;
    }
}
