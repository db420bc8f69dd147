package dev.hearth.gateway;

import dev.hearth.claim.Directory;
import dev.hearth.claim.PoolChoice;
import dev.hearth.claim.PoolChoice.Choice;
import dev.hearth.claim.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pools as last read. A refusal is never given from memory: what is not found is looked for again first. */
final class Pools {
    /** Longer: a new pool is missed by claims that have another to go to. Shorter: a read per claim. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    /** Read again ahead of time from then on, beside the claim that noticed: a busy gateway's claims never wait for it. */
    private static final Duration AHEAD = FRESH.dividedBy(2);

    private static final Logger LOG = LoggerFactory.getLogger(Pools.class);

    private final Directory directory;
    private final InstantSource clock;
    private final AtomicBoolean reading = new AtomicBoolean();
    private volatile Seen seen = new Seen(List.of(), Instant.MIN);

    Pools(Directory directory, InstantSource clock) {
        this.directory = directory;
        this.clock = clock;
    }

    Choice choose(PoolChoice.Wish wish) {
        var known = seen;
        var now = clock.instant();
        if (now.isBefore(known.until()) && PoolChoice.choose(known.pools(), wish) instanceof Choice.Among among) {
            if (!now.plus(AHEAD).isBefore(known.until())) {
                readAhead();
            }
            return among;
        }
        return PoolChoice.choose(read(), wish);
    }

    private List<Directory.Pool> read() {
        var until = clock.instant().plus(FRESH);
        var fresh = directory.pools();
        seen = new Seen(fresh, until);
        return fresh;
    }

    private void readAhead() {
        if (reading.compareAndSet(false, true)) {
            Thread.startVirtualThread(() -> {
                try {
                    read();
                } catch (StoreException away) {
                    LOG.atDebug().log("pools not read ahead of time");
                } finally {
                    reading.set(false);
                }
            });
        }
    }

    private record Seen(List<Directory.Pool> pools, Instant until) {}
}
