package dev.hearth.store;

import dev.hearth.claim.HeartbeatStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Beats of all shards' browsers, by the virtual shard in their ids. Callers who sort by {@link #shard} ask one database at
 * a time; the others are asked one after the other, and the first that fails fails all.
 */
final class ShardedHeartbeats implements HeartbeatStore {
    private final Shards shards;

    ShardedHeartbeats(Shards shards) {
        this.shards = shards;
    }

    @Override
    public List<Optional<Fence>> admit(List<Hello> hellos) {
        Map<Hello, Optional<Fence>> admitted = new HashMap<>();
        shards.split(hellos, Hello::browser).forEach((shard, some) -> {
            var fences = shard.heartbeats().admit(some);
            for (var n = 0; n < some.size(); n++) {
                admitted.put(some.get(n), fences.get(n));
            }
        });
        return hellos.stream()
                .map(hello -> admitted.getOrDefault(hello, Optional.empty()))
                .toList();
    }

    @Override
    public List<Fence> record(List<Report> reports) {
        var fences = new ArrayList<Fence>();
        shards.split(reports, Report::browser)
                .forEach((shard, some) -> fences.addAll(shard.heartbeats().record(some)));
        return fences;
    }

    @Override
    public int shard(UUID browser) {
        return shards.all().indexOf(shards.ofId(browser));
    }
}
