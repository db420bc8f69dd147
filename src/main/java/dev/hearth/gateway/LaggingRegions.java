package dev.hearth.gateway;

import static dev.hearth.telemetry.LogKeys.REGION;

import dev.hearth.claim.LagWatch;
import dev.hearth.claim.RegionLags;
import dev.hearth.claim.StoreException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which regions claims pass over for their lag: tells what waits here, and reads what all gateways told. */
public final class LaggingRegions {
    /** Longer, and claims move late: they must within 3 s, of which the limit takes 2. Shorter: needless statements. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    private static final Logger LOG = LoggerFactory.getLogger(LaggingRegions.class);

    private final RegionLags lags;
    private final LagWatch watch;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("region-lags").factory());
    private volatile Set<String> lagging = Set.of();

    public LaggingRegions(RegionLags lags, LagWatch watch) {
        this.lags = lags;
        this.watch = watch;
    }

    /** @param waiting how long beats wait here, by virtual shard */
    public void start(Supplier<Map<Integer, Duration>> waiting) {
        clock.scheduleWithFixedDelay(() -> look(waiting), 0, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    }

    public void stop() {
        clock.shutdownNow();
    }

    public Set<String> now() {
        return lagging;
    }

    /** An exception that left here would end the schedule for good. */
    private void look(Supplier<Map<Integer, Duration>> waiting) {
        try {
            lags.tell(waiting.get());
            learn(watch.see(lags.read(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime())));
        } catch (StoreException away) {
            // What was seen last stays: without the control database no claim is served anyway.
            LOG.atDebug().setCause(away).log("nobody knows which regions lag");
        } catch (RuntimeException broken) {
            LOG.atError().setCause(broken).log("failed: looking which regions lag");
        }
    }

    private void learn(Set<String> now) {
        var before = lagging;
        lagging = now;
        now.stream()
                .filter(region -> !before.contains(region))
                .forEach(region -> LOG.atWarn()
                        .addKeyValue(REGION, region)
                        .log("beats of this region lag: claims go elsewhere where they can"));
        before.stream()
                .filter(region -> !now.contains(region))
                .forEach(region ->
                        LOG.atInfo().addKeyValue(REGION, region).log("beats of this region are written in time again"));
    }
}
