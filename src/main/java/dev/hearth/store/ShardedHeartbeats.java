package dev.hearth.store;

import dev.hearth.claim.HeartbeatStore;
import dev.hearth.claim.StoreException;
import dev.hearth.claim.StoreException.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Beats of all shards' browsers, by the virtual shard in their ids. Callers who sort by {@link #shard} ask one database at
 * a time; the others are asked one after the other, and the first that fails fails all.
 */
final class ShardedHeartbeats implements HeartbeatStore {
    private final Shards shards;
    private final UUID gateway;

    /** @param gateway on whose behalf they are recorded */
    ShardedHeartbeats(Shards shards, UUID gateway) {
        this.shards = shards;
        this.gateway = gateway;
    }

    @Override
    public List<Optional<Fence>> admit(List<Hello> hellos) {
        var admitted = admitted(hellos);
        return hellos.stream()
                .map(hello -> Optional.ofNullable(admitted.get(hello)))
                .toList();
    }

    /** Who is refused for good stops its Chrome: nobody is because its row went to another shard. */
    private Map<Hello, Fence> admitted(List<Hello> hellos) {
        Map<Hello, Fence> admitted = new HashMap<>();
        shards.split(hellos, Hello::browser).forEach((shard, some) -> {
            var fences = shard.heartbeats().admit(some);
            var missing = new ArrayList<Hello>();
            for (var n = 0; n < some.size(); n++) {
                var hello = some.get(n);
                fences.get(n).ifPresentOrElse(fence -> admitted.put(hello, fence), () -> missing.add(hello));
            }
            admitted.putAll(admitted(shards.elsewhere(shard, missing, Hello::browser)));
        });
        return admitted;
    }

    @Override
    public List<Fence> record(List<Report> reports, boolean vouching) {
        var fences = new ArrayList<Fence>();
        shards.split(reports, Report::browser).forEach((shard, some) -> fences.addAll(record(shard, some, vouching)));
        return fences;
    }

    private List<Fence> record(Shard shard, List<Report> reports, boolean vouching) {
        try {
            var fences = new ArrayList<>(shard.heartbeats().record(reports, vouching ? gateway : null));
            var known = fences.stream().map(Fence::browser).collect(Collectors.toSet());
            var missing = reports.stream()
                    .filter(report -> !known.contains(report.browser()))
                    .toList();
            fences.addAll(record(shards.elsewhere(shard, missing, Report::browser), vouching));
            return fences;
        } catch (StoreException e) {
            if (e.kind() != Kind.MOVED) {
                throw e;
            }
            // From now on it is known which of these beats have to wait.
            shards.regions().refresh();
            throw Shards.onItsWay();
        }
    }

    @Override
    public Pulse pulse(int shard, List<Silence> silent) {
        return shards.all().get(shard).vouching().pulse(gateway, silent);
    }

    @Override
    public int databases() {
        return shards.all().size();
    }

    @Override
    public boolean isOnItsWay(UUID browser) {
        return shards.areSeveral() && shards.place(browser).fenced();
    }

    @Override
    public int shard(UUID browser) {
        return shards.all().indexOf(shards.ofId(browser));
    }
}
