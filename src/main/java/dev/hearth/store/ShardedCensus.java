package dev.hearth.store;

import dev.hearth.claim.Session;
import dev.hearth.claim.SessionCensus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The sessions of all shards, or none: an account that misses some is worse than a late one. */
final class ShardedCensus implements SessionCensus {
    private final Shards shards;

    ShardedCensus(Shards shards) {
        this.shards = shards;
    }

    @Override
    public List<Session> live(Set<UUID> pools) {
        return shards.lists(shard -> shard.census().live(pools), Session::id);
    }

    @Override
    public Map<UUID, Session> byIds(Set<UUID> sessions) {
        var found = new HashMap<UUID, Session>();
        shards.split(new ArrayList<>(sessions), id -> id).forEach((shard, some) -> {
            var there = shard.census().byIds(Set.copyOf(some));
            found.putAll(there);
            var missing = some.stream().filter(id -> !there.containsKey(id)).toList();
            found.putAll(byIds(Set.copyOf(shards.elsewhere(shard, missing, id -> id))));
        });
        return found;
    }
}
