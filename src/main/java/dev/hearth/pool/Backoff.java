package dev.hearth.pool;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long a pool whose browsers fail waits before it tries another. One step per wait, however many browsers failed in it:
 * ten that were started together and failed together are one failure.
 *
 * @param trouble the newest; null without failures
 */
public record Backoff(int failures, Instant until, @Nullable Trouble trouble) {
    /** Nothing failed. */
    public static final Backoff NONE = new Backoff(0, Instant.MIN, null);

    /** Larger: a typo that was corrected is felt late. Smaller: a broken image keeps a node busy. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private static final Duration FIRST = Duration.ofSeconds(1);

    public Backoff failed(Trouble newest, Instant now) {
        if (now.isBefore(until)) {
            return new Backoff(failures, until, newest);
        }
        // 2^6 s is beyond the longest wait already; the bound keeps the shift from overflowing.
        var wait = FIRST.multipliedBy(1L << Math.min(failures, 6));
        return new Backoff(failures + 1, now.plus(wait.compareTo(LONGEST) > 0 ? LONGEST : wait), newest);
    }

    /** A pod was accepted by the API server. */
    public Backoff accepted() {
        return endsWithAnAcceptedPod() ? NONE : this;
    }

    /** A browser became warm: that says nothing of whether the API server would take another pod. */
    public Backoff warmed() {
        return endsWithAnAcceptedPod() ? this : NONE;
    }

    /** Whether what it waits for is the API server's consent, and not a browser that works. */
    boolean endsWithAnAcceptedPod() {
        return trouble != null && trouble.kind().endsWithAnAcceptedPod();
    }

    boolean waits(Instant now) {
        return now.isBefore(until);
    }
}
