package dev.hearth.operator.record;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A token bucket of writes: so many per second, and a second's worth at once. Not for several threads at once. */
final class WriteBudget {
    private final int perSecond;
    private double tokens;
    private @Nullable Instant filled;

    WriteBudget(int perSecond) {
        this.perSecond = perSecond;
        this.tokens = perSecond;
    }

    int available(Instant now) {
        if (filled != null) {
            var seconds = Duration.between(filled, now).toNanos() / 1e9;
            tokens = Math.min(perSecond, tokens + Math.max(0, seconds) * perSecond);
        }
        filled = now;
        return (int) tokens;
    }

    void spend(int writes) {
        tokens -= writes;
    }
}
