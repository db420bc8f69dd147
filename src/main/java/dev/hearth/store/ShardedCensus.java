package dev.hearth.store;

import dev.hearth.claim.Session;
import dev.hearth.claim.SessionCensus;
import java.util.ArrayList;
import java.util.Collection;
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
        return Fan.ask(shards.all(), shard -> shard.census().live(pools)).all().stream()
                .flatMap(Collection::stream)
                .toList();
    }

    @Override
    public Map<UUID, Session> byIds(Set<UUID> sessions) {
        var found = new HashMap<UUID, Session>();
        shards.split(new ArrayList<>(sessions), id -> id)
                .forEach((shard, some) -> found.putAll(shard.census().byIds(Set.copyOf(some))));
        return found;
    }
}
