package dev.hearth.claim;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long a claim takes lately, cautiously: a wait that has less left than this must not begin one, for its client would
 * be gone before the answer. Rises at once, falls slowly: with each claim, and without any, for where all waits are short
 * none would ever begin again.
 */
public final class ClaimPace {
    /** Less: a pause of the collector makes the answer late. */
    private static final Duration SHORTEST = Duration.ofMillis(20);
    /** More: one claim through an outage would keep waiting claims from beginning for minutes after. */
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private static final Duration HALVED_AFTER = Duration.ofSeconds(10);

    private final LongSupplier nanoTime;
    private Duration taken = SHORTEST;
    private long tookNanos;

    public ClaimPace() {
        this(System::nanoTime);
    }

    ClaimPace(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.tookNanos = nanoTime.getAsLong();
    }

    public synchronized void took(Duration claim) {
        var before = expected();
        var slowest = claim.compareTo(before) > 0
                ? claim
                : before.multipliedBy(7).plus(claim).dividedBy(8);
        var bounded = slowest.compareTo(SHORTEST) < 0 ? SHORTEST : slowest;
        taken = bounded.compareTo(LONGEST) > 0 ? LONGEST : bounded;
        tookNanos = nanoTime.getAsLong();
    }

    public synchronized Duration expected() {
        var halvings = (nanoTime.getAsLong() - tookNanos) / HALVED_AFTER.toNanos();
        // Six of them are the way from the longest to the shortest.
        var now = taken.dividedBy(1L << Math.min(halvings, 6));
        return now.compareTo(SHORTEST) < 0 ? SHORTEST : now;
    }
}
