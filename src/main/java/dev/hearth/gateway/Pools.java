package dev.hearth.gateway;

import dev.hearth.claim.Directory;
import dev.hearth.claim.PoolChoice;
import dev.hearth.claim.PoolChoice.Choice;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** The pools as last read. A refusal is never given from memory: what is not found is looked for again first. */
final class Pools {
    /** Longer: a new pool is missed by claims that have another to go to. Shorter: a read per claim. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final Directory directory;
    private final InstantSource clock;
    private volatile Seen seen = new Seen(List.of(), Instant.MIN);

    Pools(Directory directory, InstantSource clock) {
        this.directory = directory;
        this.clock = clock;
    }

    Choice choose(PoolChoice.Wish wish) {
        var known = seen;
        if (clock.instant().isBefore(known.until())
                && PoolChoice.choose(known.pools(), wish) instanceof Choice.Among among) {
            return among;
        }
        var fresh = directory.pools();
        seen = new Seen(fresh, clock.instant().plus(FRESH));
        return PoolChoice.choose(fresh, wish);
    }

    private record Seen(List<Directory.Pool> pools, Instant until) {}
}
