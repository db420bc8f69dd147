package dev.hearth.store;

import dev.hearth.claim.EndReason;
import dev.hearth.pool.Browser;
import dev.hearth.pool.SupplyStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The operator's side of all shards. A leader's epoch comes from the control database and is the same everywhere; it is
 * made known to a shard before the shard is first asked under it, so that one that was away is fenced when it comes back.
 */
final class ShardedSupply implements SupplyStore {
    private final Sql control;
    private final Shards shards;
    private final PoolRegions regions;
    /** As they were when each shard was last seen: a shard that is away changes nothing. */
    private final Map<Shard, Map<UUID, String>> marks = new ConcurrentHashMap<>();

    private volatile @Nullable Lead lead;

    ShardedSupply(Sql control, Shards shards, PoolRegions regions) {
        this.control = control;
        this.shards = shards;
        this.regions = regions;
    }

    /** @param knownTo the shards that refuse older ones */
    private record Lead(String identity, long epoch, Set<Shard> knownTo) {}

    private static final String CURRENT = """
            SELECT /* supply.current */ epoch FROM leader
            """;

    private static final String LEAD = """
            UPDATE /* supply.lead */ leader SET epoch = GREATEST(epoch, ?) + 1 RETURNING epoch
            """;

    @Override
    public long lead(String identity) {
        var seen = Fan.ask(shards.all(), shard -> shard.supply().epoch());
        var current = control.reading(statements -> statements.query(CURRENT, row -> row.getLong("epoch")))
                .getFirst();
        // Before the first of these numbers each shard counted by itself, and all of those must be left behind.
        var highest = (current == 0 ? seen.all() : seen.some())
                .stream().mapToLong(Long::longValue).max().orElse(0);
        var epoch = control.inTransaction(statements -> statements.query(LEAD, row -> row.getLong("epoch"), highest))
                .getFirst();
        lead = new Lead(identity, epoch, ConcurrentHashMap.newKeySet());
        Fan.ask(shards.all(), shard -> inCharge(shard).name()).some();
        return epoch;
    }

    private Shard inCharge(Shard shard) {
        var current = lead;
        if (current != null && !current.knownTo().contains(shard)) {
            shard.supply().fence(current.identity(), current.epoch());
            current.knownTo().add(shard);
        }
        return shard;
    }

    /** What a leader is refused may have been asked of the shard that the browser left. */
    private boolean of(UUID browser, Predicate<PostgresSupplyStore> change) {
        return shards.ask(
                browser, done -> !done, shard -> change.test(inCharge(shard).supply()));
    }

    private <T> Fan<T> ask(Collection<Shard> some, Function<PostgresSupplyStore, T> question) {
        return Fan.ask(some, shard -> question.apply(inCharge(shard).supply()));
    }

    @Override
    public List<Browser> browsers(UUID pool) {
        if (shards.areSeveral()) {
            var region = regions.of(pool);
            if (region.isPresent()) {
                // That a pool has none is believed of the right shard only: whoever believes it makes new ones.
                return shards.ask(
                        region.get(),
                        List::isEmpty,
                        shard -> inCharge(shard).supply().browsers(pool));
            }
        }
        return ask(shards.all(), supply -> supply.browsers(pool)).all().stream()
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public List<NewBrowser> reserve(Slot slot, int count, long leaderEpoch) {
        return shards.ask(
                slot.region(), List::isEmpty, shard -> inCharge(shard).supply().reserve(slot, count, leaderEpoch));
    }

    @Override
    public boolean warm(UUID browser, Location location, long leaderEpoch) {
        return of(browser, supply -> supply.warm(browser, location, leaderEpoch));
    }

    @Override
    public boolean retire(UUID browser, long leaderEpoch) {
        return of(browser, supply -> supply.retire(browser, leaderEpoch));
    }

    @Override
    public boolean fail(UUID browser, String reason, long leaderEpoch) {
        return of(browser, supply -> supply.fail(browser, reason, leaderEpoch));
    }

    @Override
    public void gone(UUID browser, EndReason reason, long leaderEpoch) {
        of(browser, supply -> {
            supply.gone(browser, reason, leaderEpoch);
            return true;
        });
    }

    @Override
    public void markCurrent(UUID pool, String revision, long leaderEpoch) {
        var region = shards.areSeveral() ? regions.of(pool) : Optional.<String>empty();
        if (region.isPresent()) {
            shards.ask(region.get(), _ -> false, shard -> marked(shard, pool, revision, leaderEpoch));
        } else {
            shards.all().forEach(shard -> marked(shard, pool, revision, leaderEpoch));
        }
    }

    private boolean marked(Shard shard, UUID pool, String revision, long leaderEpoch) {
        inCharge(shard).supply().staleness().markCurrent(pool, revision, leaderEpoch);
        return true;
    }

    @Override
    public boolean outdate(List<UUID> browsers, long leaderEpoch) {
        return of(browsers.getFirst(), supply -> supply.staleness().outdate(browsers, leaderEpoch));
    }

    /** Of the shards that can be reached: who clears up after pools that are gone leaves the others for later. */
    @Override
    public List<UUID> poolsWithBrowsers() {
        return ask(shards.all(), PostgresSupplyStore::poolsWithBrowsers).some().stream()
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    @Override
    public Map<UUID, String> marks() {
        var asked = ask(shards.all(), PostgresSupplyStore::marks);
        asked.some();
        marks.putAll(asked.answers());
        var all = new HashMap<UUID, String>();
        marks.values().forEach(all::putAll);
        return all;
    }
}
