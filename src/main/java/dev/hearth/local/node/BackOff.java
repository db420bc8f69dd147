package dev.hearth.local.node;

import java.time.Duration;

/** How long a container that ended waits for its next start: a kubelet's figures, so that tests of others learn nothing false. */
final class BackOff {
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private BackOff() {}

    /** The first restart is at once: most single deaths are an accident. */
    static Duration beforeRestart(int restartsSoFar) {
        if (restartsSoFar == 0) {
            return Duration.ZERO;
        }
        // Beyond 2^5 the longest wait is reached anyway; the bound keeps the shift from overflowing.
        var delay = FIRST.multipliedBy(1L << Math.min(restartsSoFar - 1, 5));
        return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }
}
