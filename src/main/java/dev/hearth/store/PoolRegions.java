package dev.hearth.store;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** In which region a pool is: it never moves, so what is known stays known, also when the pool is not listed any more. */
final class PoolRegions {
    private final Sql sql;
    private final ConcurrentHashMap<UUID, String> known = new ConcurrentHashMap<>();

    PoolRegions(Sql sql) {
        this.sql = sql;
    }

    private static final String REGION = """
            SELECT /* directory.region-of-pool */ region FROM pool WHERE id = ?
            """;

    Optional<String> of(UUID pool) {
        var region = known.get(pool);
        if (region != null) {
            return Optional.of(region);
        }
        var found =
                sql
                        .reading(statements -> statements.query(REGION, row -> SessionRows.text(row, "region"), pool))
                        .stream()
                        .findFirst();
        found.ifPresent(there -> known.put(pool, there));
        return found;
    }
}
