package dev.hearth.claim;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Decides which of several regions is asked first by a claim that names none. Pure: what is equally near is ordered by name.
 *
 * @param own where the gateway stands
 * @param client where the client says, or is said, to be; null: nobody knows
 */
public record RegionOrder(String own, @Nullable Place client, Places places) {
    /** Where regions are. */
    public interface Places {
        /** Null for a region that nobody has placed. */
        @Nullable
        Place of(String region);
    }

    /** Around a gateway in a world without a map. */
    public static RegionOrder around(String own) {
        return new RegionOrder(own, null, _ -> null);
    }

    /** A region without a place comes after all that have one; of a client that nobody placed the own region is nearest. */
    public Comparator<String> nearestFirst() {
        Comparator<String> ownFirst = Comparator.comparing(region -> !region.equals(own));
        var nearer = Comparator.comparingDouble(this::kilometres);
        return (client == null ? ownFirst.thenComparing(nearer) : nearer.thenComparing(ownFirst))
                .thenComparing(Comparator.naturalOrder());
    }

    /** @param first the region that came out first */
    public Reason reason(String first) {
        if (client != null && kilometres(first) < Double.MAX_VALUE) {
            return Reason.NEAREST;
        }
        if (first.equals(own)) {
            return Reason.OWN;
        }
        return kilometres(first) < Double.MAX_VALUE ? Reason.NEAREST : Reason.ANY;
    }

    private double kilometres(String region) {
        var from = client == null ? places.of(own) : client;
        var to = places.of(region);
        return from == null || to == null ? Double.MAX_VALUE : from.kilometresTo(to);
    }
}
