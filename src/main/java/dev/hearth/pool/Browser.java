package dev.hearth.pool;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One slot row of a pool: a browser that is wanted, exists or is on its way out. The row comes before the pod and goes
 * after it.
 *
 * @param podUid null until the pod is known to exist
 * @param outdated true: too old, whatever its revision; it is claimed last and never used again
 * @param healthy false when its agent said that Chrome is frozen or gone
 */
public record Browser(
        UUID id,
        UUID pool,
        String podName,
        @Nullable String podUid,
        BrowserState state,
        String revision,
        boolean outdated,
        boolean healthy,
        Instant createdAt,
        Instant changedAt) {}
