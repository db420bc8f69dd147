package dev.hearth.pool;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pool that follows its use wanted lately. Growth counts at once, and the most of what was wanted within
 * {@link Scaling#calm} is what the pool keeps.
 *
 * @param lately oldest first, each less than the one before it: what is no longer the most of any later time is dropped
 */
public record Demand(List<Wish> lately) {
    /** Nothing is known: the next look takes the browsers that are there for wanted. */
    public static final Demand UNKNOWN = new Demand(List.of());

    public Demand {
        lately = List.copyOf(lately);
    }

    /** @param last when it was last so */
    record Wish(int replicas, Instant last) {}

    /**
     * As of now. An operator that has just begun has seen nothing yet, and keeps what its predecessor kept.
     *
     * @param unclaimed warm and starting browsers
     */
    public Demand next(Scaling scaling, int claimed, int unclaimed, Instant now) {
        var wishes = new ArrayList<Wish>();
        if (lately.isEmpty()) {
            wishes.add(new Wish(Math.clamp(unclaimed, scaling.least(), scaling.most()), now));
        } else {
            wishes.addAll(lately);
            // What was wanted at the last look was wanted until this one.
            wishes.set(wishes.size() - 1, new Wish(wishes.getLast().replicas(), now));
        }
        var wanted = scaling.wanted(claimed);
        while (!wishes.isEmpty() && wishes.getLast().replicas() <= wanted) {
            wishes.removeLast();
        }
        wishes.add(new Wish(wanted, now));
        while (!wishes.getFirst().last().plus(scaling.calm()).isAfter(now) && wishes.size() > 1) {
            wishes.removeFirst();
        }
        return new Demand(wishes);
    }

    /** Unclaimed browsers to keep. A limit that was tightened meanwhile holds at once. */
    public int replicas(Scaling scaling) {
        return Math.clamp(lately.getFirst().replicas(), scaling.least(), scaling.most());
    }

    /** When fewer may be kept although nothing happens; null: as long as nothing happens, never. */
    public @Nullable Instant falls(Scaling scaling) {
        return lately.size() > 1 ? lately.getFirst().last().plus(scaling.calm()) : null;
    }
}
