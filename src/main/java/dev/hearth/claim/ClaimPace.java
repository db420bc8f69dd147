package dev.hearth.claim;

import java.time.Duration;

/**
 * How long a claim takes lately, cautiously: a wait that has less left than this must not begin one, for its client would
 * be gone before the answer. Rises at once, falls slowly.
 */
public final class ClaimPace {
    /** Less: a pause of the collector makes the answer late. */
    private static final Duration SHORTEST = Duration.ofMillis(20);
    /** More: one claim through an outage would keep waiting claims from beginning for minutes after. */
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private volatile Duration taken = SHORTEST;

    public synchronized void took(Duration claim) {
        var slowest = claim.compareTo(taken) > 0
                ? claim
                : taken.multipliedBy(7).plus(claim).dividedBy(8);
        var bounded = slowest.compareTo(SHORTEST) < 0 ? SHORTEST : slowest;
        taken = bounded.compareTo(LONGEST) > 0 ? LONGEST : bounded;
    }

    public Duration expected() {
        return taken;
    }
}
