package dev.hearth.store;

import dev.hearth.claim.SessionIds;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Finds the shard of a region, or of a session or browser by the virtual shard in its id. */
final class Shards {
    private final Map<String, Shard> byName;
    private final Regions regions;

    Shards(Map<String, Shard> byName, Regions regions) {
        this.byName = Map.copyOf(byName);
        this.regions = regions;
    }

    Shard ofRegion(String region) {
        return named(regions.database(region));
    }

    Shard ofId(UUID id) {
        return byName.size() == 1
                ? byName.values().iterator().next()
                : named(regions.database(SessionIds.virtualShard(id)));
    }

    List<Shard> all() {
        return List.copyOf(byName.values());
    }

    private Shard named(String database) {
        var shard = byName.get(database);
        if (shard == null) {
            throw new SchemaException(
                    "the control database names a shard '%s' that is not configured; configured are %s"
                            .formatted(database, byName.keySet()));
        }
        return shard;
    }
}
