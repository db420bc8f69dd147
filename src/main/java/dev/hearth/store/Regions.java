package dev.hearth.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Which virtual shard a region has, for good, and which database keeps it. A region gets both when it is first named; from
 * then on the table decides, not the configuration, because its sessions are there. What is known of databases may be old:
 * a region may move, and whoever finds nothing, or is turned away, reads the map anew.
 */
final class Regions {
    private final Sql sql;
    private final UnaryOperator<String> databaseOfNewRegion;
    private final Map<String, Integer> virtualShards = new ConcurrentHashMap<>();
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Known known = new Known(0, Map.of(), Long.MIN_VALUE);

    Regions(Sql sql, UnaryOperator<String> databaseOfNewRegion) {
        this.sql = sql;
        this.databaseOfNewRegion = databaseOfNewRegion;
    }

    /** @param fenced nobody may write there now: it is on its way to another */
    record Place(int virtualShard, String database, boolean fenced) {}

    private record Known(long version, Map<Integer, Place> places, long readAt) {}

    int virtualShard(String region) {
        var shardOfRegion = virtualShards.get(region);
        if (shardOfRegion != null) {
            return shardOfRegion;
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

    Place place(String region) {
        return place(virtualShard(region));
    }

    /** The default database for a virtual shard that nobody knows: nothing will be found there, which is the truth. */
    Place place(int virtualShard) {
        var there = known.places().get(virtualShard);
        if (there == null) {
            refresh();
            there = known.places().get(virtualShard);
        }
        return there == null ? new Place(virtualShard, databaseOfNewRegion.apply(""), false) : there;
    }

    private static final String MAP = """
            SELECT /* regions.map */ m.version, v.id, v.database, v.fenced FROM shard_map m, virtual_shard v
            """;

    /** Of what was known when this was called nothing is left afterwards; who calls it together reads once. */
    void refresh() {
        var asked = System.nanoTime();
        reading.lock();
        try {
            if (known.readAt() != Long.MIN_VALUE && known.readAt() - asked > 0) {
                return;
            }
            var begun = System.nanoTime();
            var rows = sql.reading(statements -> statements.query(
                    MAP,
                    row -> Map.entry(
                            row.getLong("version"),
                            new Place(row.getInt("id"), SessionRows.text(row, "database"), row.getBoolean("fenced")))));
            known = new Known(
                    rows.isEmpty() ? 0 : rows.getFirst().getKey(),
                    rows.stream()
                            .map(Map.Entry::getValue)
                            .collect(Collectors.toMap(Place::virtualShard, Function.identity())),
                    begun);
        } finally {
            reading.unlock();
        }
    }

    /** Whether, by the map as it is now, the rows are where they were asked for. */
    boolean isStill(Place place) {
        refresh();
        return place(place.virtualShard()).database().equals(place.database());
    }

    /** Of the map that is known; 0: none. */
    long version() {
        return known.version();
    }
}
