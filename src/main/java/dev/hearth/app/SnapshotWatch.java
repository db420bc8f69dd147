package dev.hearth.app;

import static dev.hearth.telemetry.LogKeys.SHARD;

import dev.hearth.claim.StoreException;
import dev.hearth.store.Upkeep;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says how long the oldest transaction of a database has kept what it saw: until it ends, no row that was replaced since
 * can be tidied away, and every claim and every beat passes over all of them.
 */
final class SnapshotWatch implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotWatch.class);

    private final String shard;
    private final Upkeep upkeep;
    private final Duration worthAWarning;
    private volatile double seconds;
    private boolean warned;

    SnapshotWatch(String shard, Upkeep upkeep, Duration worthAWarning, MeterRegistry registry) {
        this.shard = shard;
        this.upkeep = upkeep;
        this.worthAWarning = worthAWarning;
        Gauge.builder("hearth.oldest.snapshot", this, watch -> watch.seconds)
                .baseUnit("seconds")
                .tag("shard", shard)
                .strongReference(true)
                .register(registry);
    }

    @Override
    public void run() {
        try {
            upkeep.oldestSnapshot().ifPresentOrElse(this::note, this::clear);
        } catch (StoreException away) {
            clear();
            throw away;
        }
    }

    private void note(Upkeep.HeldSnapshot oldest) {
        seconds = oldest.age().toMillis() / 1000.0;
        var isOld = oldest.age().compareTo(worthAWarning) >= 0;
        if (isOld && !warned) {
            LOG.atWarn()
                    .addKeyValue(SHARD, shard)
                    .log(
                            "a transaction is open for {} s and makes every claim slower until it ends: end it with"
                                    + " pg_terminate_backend({}), application \"{}\"",
                            oldest.age().toSeconds(),
                            oldest.pid(),
                            oldest.application());
        }
        warned = isOld;
    }

    private void clear() {
        seconds = 0;
        warned = false;
    }
}
