package dev.hearth.pool;

import java.time.Instant;
import java.util.List;

/** All that a pool's next steps follow from, at one instant. */
public record PoolSnapshot(PoolTarget target, List<BrowserView> browsers, Backoff backoff, Instant now) {
    public PoolSnapshot {
        browsers = List.copyOf(browsers);
    }
}
