package dev.hearth.gateway;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * When a refused claim is likely to succeed: when the first browser on its way is expected, or, where none is on its way
 * or nothing was measured yet, what waiting has cost lately, learned from the refusals and grants that pass by.
 */
final class RetryEstimate {
    /** Until something was learned: about what a Chrome takes from pod to warm. */
    private static final long UNKNOWN_MILLIS = 3_000;
    /** Longer says "come back never" to clients that honour it; shorter makes them knock in vain. */
    private static final long LONGEST_MILLIS = 60_000;

    private final AtomicLong drySince = new AtomicLong(-1);
    private final AtomicLong droughtMillis = new AtomicLong(UNKNOWN_MILLIS);

    /** Whether the last claim was refused for want of a browser. */
    boolean isDry() {
        return drySince.get() >= 0;
    }

    void granted(long nowMillis) {
        var since = drySince.getAndSet(-1);
        if (since >= 0) {
            var lasted = Math.clamp(nowMillis - since, 0, LONGEST_MILLIS);
            droughtMillis.updateAndGet(known -> (known * 3 + lasted) / 4);
        }
    }

    /**
     * @param starting browsers on their way; with none, only a release and its replacement can help: twice as long
     * @param ready when the first of them is expected by the measured starts of its pool; that is known, not guessed
     */
    long refused(int starting, @Nullable Duration ready, long nowMillis) {
        drySince.compareAndSet(-1, nowMillis);
        var expected = ready == null ? droughtMillis.get() * (starting > 0 ? 1 : 2) : ready.toMillis();
        return Math.clamp((expected + 999) / 1000, 1, LONGEST_MILLIS / 1000);
    }
}
