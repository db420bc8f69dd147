package dev.hearth.claim;

import dev.hearth.claim.Directory.Pool;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides which pools may serve a claim, and in what order. Pure: the same pools and wish give the same choice. */
public final class PoolChoice {
    private PoolChoice() {}

    /**
     * @param pool {@code name} or {@code namespace/name}; a bare name means the project's own pool before one opened to it
     * @param ownRegion where the gateway stands
     */
    public record Wish(
            String project, @Nullable String pool, @Nullable String region, String ownRegion) {}

    /** What the wish comes to. Refusals name only what the project may see. */
    public sealed interface Choice {
        /** Never empty. */
        record Among(List<Pool> pools) implements Choice {}

        record PoolUnknown() implements Choice {}

        record RegionUnknown(List<String> known) implements Choice {}

        record PoolElsewhere(String region) implements Choice {}
    }

    public static Choice choose(List<Pool> pools, Wish wish) {
        var served = pools.stream().filter(pool -> pool.serves(wish.project())).toList();
        if (wish.pool() != null) {
            return byName(served, wish);
        }
        if (wish.region() != null) {
            var there = in(served, wish.region(), wish).toList();
            return there.isEmpty()
                    ? new Choice.RegionUnknown(regions(served))
                    : new Choice.Among(withFallbacks(there, served, wish));
        }
        return served.isEmpty() ? new Choice.PoolUnknown() : new Choice.Among(nearestFirst(served, wish));
    }

    private static Choice byName(List<Pool> served, Wish wish) {
        var named = served.stream()
                .filter(pool ->
                        pool.name().equals(wish.pool()) || (pool.namespace() + "/" + pool.name()).equals(wish.pool()))
                .sorted(order(wish))
                .toList();
        if (named.isEmpty()) {
            return new Choice.PoolUnknown();
        }
        // Two namespaces may open pools of one name; a region in the wish tells them apart.
        var fitting = named.stream()
                .filter(pool -> wish.region() == null || pool.region().equals(wish.region()))
                .findFirst();
        if (fitting.isEmpty()) {
            return new Choice.PoolElsewhere(named.getFirst().region());
        }
        return new Choice.Among(withFallbacks(List.of(fitting.get()), served, wish));
    }

    private static List<Pool> nearestFirst(List<Pool> served, Wish wish) {
        return served.stream()
                .sorted(Comparator.<Pool, Boolean>comparing(
                                pool -> !pool.region().equals(wish.ownRegion()))
                        .thenComparing(Pool::region)
                        .thenComparing(order(wish)))
                .toList();
    }

    private static List<Pool> withFallbacks(List<Pool> first, List<Pool> served, Wish wish) {
        var fallbacks = first.stream()
                .flatMap(pool -> pool.fallbackRegions().stream())
                .distinct()
                .flatMap(region -> in(served, region, wish));
        return Stream.concat(first.stream(), fallbacks).distinct().toList();
    }

    private static Stream<Pool> in(List<Pool> served, String region, Wish wish) {
        return served.stream().filter(pool -> pool.region().equals(region)).sorted(order(wish));
    }

    /** The project's own pools first: those of others are opened to it, not made for it. Then by name, to be repeatable. */
    private static Comparator<Pool> order(Wish wish) {
        return Comparator.<Pool, Boolean>comparing(pool -> !Objects.equals(pool.namespace(), wish.project()))
                .thenComparing(Pool::namespace)
                .thenComparing(Pool::name);
    }

    private static List<String> regions(List<Pool> served) {
        return List.copyOf(new TreeSet<>(served.stream().map(Pool::region).toList()));
    }
}
