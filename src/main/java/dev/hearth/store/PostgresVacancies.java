package dev.hearth.store;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.Vacancies;
import dev.hearth.store.Sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Looks at one shard's pools and projects without a lock: for those who wait, many times a second. */
final class PostgresVacancies implements Vacancies {
    private final Sql sql;
    private final PostgresClaimStore claims;

    PostgresVacancies(Sql sql, PostgresClaimStore claims) {
        this.sql = sql;
        this.claims = claims;
    }

    private static final String ROOM = """
            SELECT /* claim.room */ c.project, sum(c.live) AS live, max(c.live_limit) AS live_limit,
                   max(c.creates_per_minute) AS creates_per_minute,
                   max(create_tokens(c.creates_per_minute, c.tokens, c.filled_at)) FILTER (WHERE c.stripe = 0) AS tokens
              FROM project_counter c
             WHERE c.project = ANY (?::text[])
             GROUP BY c.project
            HAVING max(c.live_limit) IS NOT NULL OR max(c.creates_per_minute) IS NOT NULL
            """;

    @Override
    public Vacancy look(Set<UUID> pools, Set<String> projects) {
        return sql.reading(statements -> new Vacancy(
                Stocks.of(statements, pools).pools(),
                statements.query(ROOM, PostgresVacancies::room, Array.of("text", projects)).stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))));
    }

    static Map.Entry<String, Room> room(ResultSet row) throws SQLException {
        var quota = Quota.of(row);
        var left = (int) Math.clamp(quota.left(), 0, Integer.MAX_VALUE);
        return Map.entry(
                SessionRows.text(row, "project"),
                new Room(left, left > 0 ? null : quota.exceeded(ClaimOutcome.Scope.PROJECT)));
    }

    @Override
    public Optional<ClaimOutcome> replay(ClaimRequest request) {
        return claims.replay(request);
    }
}
