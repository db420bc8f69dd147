package dev.hearth.claim;

import dev.hearth.claim.Directory.Pool;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides which pools may serve a claim, and in what order. Pure: the same pools and wish give the same choice. */
public final class PoolChoice {
    private PoolChoice() {}

    /**
     * @param pool {@code name} or {@code namespace/name}; a bare name means the project's own pool before one opened to it
     * @param order of regions, where the wish names none
     * @param claim tells this claim from others of its project, where each is sent by itself
     * @param guarded only a browser will do that cannot go around its egress rules
     */
    public record Wish(
            String project,
            @Nullable String pool,
            @Nullable String region,
            RegionOrder order,
            String claim,
            boolean guarded) {}

    /** What the wish comes to. Refusals name only what the project may see. */
    public sealed interface Choice {
        /** @param pools never empty @param reason for the region of the first of them */
        record Among(List<Pool> pools, Reason reason) implements Choice {
            /**
             * Those of lagging regions last: a region is passed over while another may serve, and asked when no other does.
             * It is never refused for its lag alone: what is known of its browsers is old, not wrong, and a browser that
             * turns out to be dead costs one more attempt, which a refusal costs for certain.
             */
            public List<Pool> without(Set<String> lagging) {
                return pools.stream()
                        .sorted(Comparator.comparing(pool -> lagging.contains(pool.region())))
                        .toList();
            }
        }

        record PoolUnknown() implements Choice {}

        record RegionUnknown(List<String> known) implements Choice {}

        record PoolElsewhere(String region) implements Choice {}

        /** There are pools, but none of them is guarded. */
        record NoneGuarded() implements Choice {}
    }

    public static Choice choose(List<Pool> pools, Wish wish) {
        var served = pools.stream().filter(pool -> pool.serves(wish.project())).toList();
        if (!wish.guarded()) {
            return among(served, wish);
        }
        var guarded = among(served.stream().filter(Pool::guarded).toList(), wish);
        // Where a pool that is not guarded would do, that is what is wrong with the wish.
        var any = among(served, wish);
        if (guarded instanceof Choice.Among) {
            return guarded;
        }
        return any instanceof Choice.Among ? new Choice.NoneGuarded() : any;
    }

    private static Choice among(List<Pool> served, Wish wish) {
        if (wish.pool() != null) {
            return byName(served, wish);
        }
        if (wish.region() != null) {
            var there = in(served, wish.region(), wish).toList();
            return there.isEmpty()
                    ? new Choice.RegionUnknown(regions(served))
                    : new Choice.Among(withFallbacks(there, served, wish), Reason.ASKED);
        }
        if (served.isEmpty()) {
            return new Choice.PoolUnknown();
        }
        var nearest = nearestFirst(served, wish);
        return new Choice.Among(nearest, wish.order().reason(nearest.getFirst().region()));
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
        return new Choice.Among(withFallbacks(List.of(fitting.get()), served, wish), Reason.ASKED);
    }

    private static List<Pool> nearestFirst(List<Pool> served, Wish wish) {
        return served.stream()
                .map(Pool::region)
                .distinct()
                .sorted(wish.order().nearestFirst())
                .flatMap(region -> in(served, region, wish))
                .toList();
    }

    private static List<Pool> withFallbacks(List<Pool> first, List<Pool> served, Wish wish) {
        var fallbacks = first.stream()
                .flatMap(pool -> pool.fallbackRegions().stream())
                .distinct()
                .flatMap(region -> in(served, region, wish));
        return Stream.concat(first.stream(), fallbacks).distinct().toList();
    }

    /** Weights are agreed on within a namespace, and say nothing of another's pools. */
    private static Stream<Pool> in(List<Pool> served, String region, Wish wish) {
        var order = order(wish);
        return served.stream()
                .filter(pool -> pool.region().equals(region))
                .sorted(order)
                .collect(Collectors.groupingBy(Pool::namespace, LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .flatMap(pools -> Traffic.order(pools, order, wish.project(), wish.claim()).stream());
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
