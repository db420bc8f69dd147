package dev.hearth.store;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Which virtual shard a region has, for good, and which database keeps it. A region gets both when it is first named; from
 * then on the table decides, not the configuration, because its sessions are there.
 */
final class Regions {
    private final Sql sql;
    private final UnaryOperator<String> databaseOfNewRegion;
    private final Map<String, Integer> virtualShards = new ConcurrentHashMap<>();
    private final Map<Integer, String> databases = new ConcurrentHashMap<>();

    Regions(Sql sql, UnaryOperator<String> databaseOfNewRegion) {
        this.sql = sql;
        this.databaseOfNewRegion = databaseOfNewRegion;
    }

    int virtualShard(String region) {
        var known = virtualShards.get(region);
        if (known != null) {
            return known;
        }
        var shard = sql.inTransaction(statements -> {
            statements.update(LOCK);
            statements.update(ADD, databaseOfNewRegion.apply(region), region, region);
            return statements
                    .query(FIND, row -> row.getInt("virtual_shard"), region)
                    .getFirst();
        });
        virtualShards.put(region, shard);
        return shard;
    }

    private static final String LOCK = """
            LOCK /* regions.lock */ TABLE virtual_shard IN SHARE ROW EXCLUSIVE MODE
            """;

    private static final String ADD = """
            WITH /* regions.add */ shard AS (
                INSERT INTO virtual_shard (id, database)
                SELECT coalesce(max(id) + 1, 0), ?
                  FROM virtual_shard
                HAVING NOT EXISTS (SELECT FROM region WHERE name = ?)
                RETURNING id)
            INSERT INTO region (name, virtual_shard)
            SELECT ?, id FROM shard
            """;

    private static final String FIND = """
            SELECT /* regions.find */ virtual_shard FROM region WHERE name = ?
            """;

    String database(String region) {
        return database(virtualShard(region));
    }

    /** The default database for a virtual shard that nobody knows: nothing will be found there, which is the truth. */
    String database(int virtualShard) {
        var known = databases.get(virtualShard);
        if (known != null) {
            return known;
        }
        List<String> found = sql.reading(
                statements -> statements.query(DATABASE, row -> SessionRows.text(row, "database"), virtualShard));
        if (found.isEmpty()) {
            return databaseOfNewRegion.apply("");
        }
        databases.put(virtualShard, found.getFirst());
        return found.getFirst();
    }

    private static final String DATABASE = """
            SELECT /* regions.database */ database FROM virtual_shard WHERE id = ?
            """;
}
