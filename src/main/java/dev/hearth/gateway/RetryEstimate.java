package dev.hearth.gateway;

import java.util.concurrent.atomic.AtomicLong;

/**
 * When a refused claim is likely to succeed: how long the last droughts lasted, learned from the refusals and grants that
 * pass by. A guess, but a truthful one: it is what waiting has cost lately.
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

    /** @param starting browsers on their way; with none, only a release and its replacement can help: twice as long */
    long refused(int starting, long nowMillis) {
        drySince.compareAndSet(-1, nowMillis);
        var expected = droughtMillis.get() * (starting > 0 ? 1 : 2);
        return Math.clamp((expected + 999) / 1000, 1, LONGEST_MILLIS / 1000);
    }
}
