package dev.hearth.store;

import dev.hearth.claim.SessionIds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** Finds the shard of a region, or of a session or browser by the virtual shard in its id. */
final class Shards {
    private final Map<String, Shard> byName;
    private final List<Shard> all;
    private final Regions regions;

    Shards(Map<String, Shard> byName, Regions regions) {
        this.byName = Map.copyOf(byName);
        this.all = List.copyOf(byName.values());
        this.regions = regions;
    }

    Shard ofRegion(String region) {
        return named(regions.database(region));
    }

    Shard ofId(UUID id) {
        return all.size() == 1 ? all.getFirst() : named(regions.database(SessionIds.virtualShard(id)));
    }

    /** Those of one shard together, in the order they came in. */
    <T> Map<Shard, List<T>> split(List<T> some, Function<T, UUID> id) {
        var split = new LinkedHashMap<Shard, List<T>>();
        some.forEach(each -> split.computeIfAbsent(ofId(id.apply(each)), _ -> new ArrayList<>())
                .add(each));
        return split;
    }

    List<Shard> all() {
        return all;
    }

    boolean areSeveral() {
        return all.size() > 1;
    }

    Regions regions() {
        return regions;
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
