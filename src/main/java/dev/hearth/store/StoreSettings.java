package dev.hearth.store;

import dev.hearth.store.bus.BusSettings;
import java.util.Map;

/**
 * The databases of one installation.
 *
 * @param control projects, keys, pools and the map of shards
 * @param shards browsers and sessions, by the name that the map knows them by; empty: the control database keeps them too
 * @param regions which shard a region goes to when it is first named; the others go to {@code defaultShard}
 * @param bus how requests that arrive together are grouped, in each shard
 */
public record StoreSettings(
        DatabaseSettings control,
        Map<String, DatabaseSettings> shards,
        Map<String, String> regions,
        String defaultShard,
        BusSettings bus) {

    public StoreSettings {
        shards = shards.isEmpty() ? Map.of(defaultShard, control) : Map.copyOf(shards);
        regions = Map.copyOf(regions);
        refuseUnknown("default-shard", defaultShard, shards);
        for (var region : regions.entrySet()) {
            refuseUnknown("regions." + region.getKey(), region.getValue(), shards);
        }
    }

    /** One database for everything. */
    public static StoreSettings single(DatabaseSettings database) {
        return new StoreSettings(database, Map.of(), Map.of(), "main", BusSettings.DEFAULT);
    }

    public StoreSettings with(BusSettings other) {
        return new StoreSettings(control, shards, regions, defaultShard, other);
    }

    String shardOfNewRegion(String region) {
        return regions.getOrDefault(region, defaultShard);
    }

    private static void refuseUnknown(String key, String shard, Map<String, DatabaseSettings> shards) {
        if (!shards.containsKey(shard)) {
            throw new IllegalArgumentException(
                    "hearth.store.%s is '%s', which is no configured shard: %s".formatted(key, shard, shards.keySet()));
        }
    }
}
