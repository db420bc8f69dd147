package dev.hearth.testing;

import dev.hearth.pool.Browser;
import java.time.Instant;

/** Rows of browsers that are the same but for their age. */
public final class Aged {
    private Aged() {}

    public static Browser outdated(Browser row, boolean outdated) {
        return new Browser(
                row.id(),
                row.pool(),
                row.podName(),
                row.podUid(),
                row.state(),
                row.revision(),
                outdated,
                row.healthy(),
                row.createdAt(),
                row.changedAt());
    }

    public static Browser at(Browser row, Instant createdAt, Instant changedAt) {
        return new Browser(
                row.id(),
                row.pool(),
                row.podName(),
                row.podUid(),
                row.state(),
                row.revision(),
                row.outdated(),
                row.healthy(),
                createdAt,
                changedAt);
    }
}
