package dev.hearth.store;

import dev.hearth.claim.SessionIds;
import dev.hearth.claim.StoreException;
import dev.hearth.claim.StoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Finds the shard of a region, or of a session or browser by the virtual shard in its id. A region may move meanwhile: who
 * is turned away asks where it went, and that something is not there is believed only of where the map, read afterwards,
 * says that it would be.
 */
final class Shards {
    /** A move keeps a region's rows to itself for seconds. Longer: callers hang; shorter: they see more of the move. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Map<String, Shard> byName;
    private final List<Shard> all;
    private final Regions regions;

    Shards(Map<String, Shard> byName, Regions regions) {
        this.byName = Map.copyOf(byName);
        this.all = List.copyOf(byName.values());
        this.regions = regions;
    }

    Shard ofRegion(String region) {
        return named(regions.place(region).database());
    }

    Shard at(Regions.Place place) {
        return named(place.database());
    }

    Shard ofId(UUID id) {
        return areSeveral() ? named(place(id).database()) : all.getFirst();
    }

    Regions.Place place(UUID id) {
        return regions.place(SessionIds.virtualShard(id));
    }

    /** @param isNo an answer that is as it would be if the rows had gone */
    <T> T ask(UUID id, Predicate<T> isNo, Function<Shard, T> question) {
        return ask(SessionIds.virtualShard(id), isNo, question);
    }

    /** @param isNo an answer that is as it would be if the rows had gone */
    <T> T ask(String region, Predicate<T> isNo, Function<Shard, T> question) {
        return ask(regions.virtualShard(region), isNo, question);
    }

    private <T> T ask(int virtualShard, Predicate<T> isNo, Function<Shard, T> question) {
        if (!areSeveral()) {
            return question.apply(all.getFirst());
        }
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var place = regions.place(virtualShard);
            try {
                var answer = question.apply(named(place.database()));
                if (!isNo.test(answer) || regions.isStill(place)) {
                    return answer;
                }
            } catch (StoreException e) {
                if (e.kind() != Kind.MOVED) {
                    throw e;
                }
                if (regions.isStill(place)) {
                    if (System.nanoTime() > until || Thread.currentThread().isInterrupted()) {
                        throw onItsWay();
                    }
                    LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
                }
            }
        }
    }

    static StoreException onItsWay() {
        return Reach.unavailable("the region is on its way to another shard");
    }

    /** Those of one shard together, in the order they came in. */
    <T> Map<Shard, List<T>> split(List<T> some, Function<T, UUID> id) {
        var split = new LinkedHashMap<Shard, List<T>>();
        some.forEach(each -> split.computeIfAbsent(ofId(id.apply(each)), _ -> new ArrayList<>())
                .add(each));
        return split;
    }

    /** Of those that this shard did not find: those that are, by the map as it is now, in another. */
    <T> List<T> elsewhere(Shard shard, List<T> missing, Function<T, UUID> id) {
        if (!areSeveral() || missing.isEmpty()) {
            return List.of();
        }
        regions.refresh();
        return missing.stream().filter(each -> ofId(id.apply(each)) != shard).toList();
    }

    /** What all say. While a region moves its rows are in two databases for a while: those count that the map knows of. */
    <T> List<T> lists(Function<Shard, List<T>> question, Function<T, UUID> id) {
        while (true) {
            var version = regions.version();
            var asked = Fan.ask(all, question);
            asked.all();
            if (!areSeveral()) {
                return asked.answers().values().stream().flatMap(List::stream).toList();
            }
            // Asked under two maps, rows that moved meanwhile may be in neither answer.
            if (regions.version() == version) {
                var owned = new ArrayList<T>();
                asked.answers()
                        .forEach((shard, rows) -> rows.stream()
                                .filter(row -> ofId(id.apply(row)) == shard)
                                .forEach(owned::add));
                return owned;
            }
        }
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
