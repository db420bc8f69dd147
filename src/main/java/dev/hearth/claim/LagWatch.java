package dev.hearth.claim;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Decides which regions lag: whose beats wait so long to be written that what the store says of their browsers is old. A
 * region is out at once, and back only after it was well below the limit for a while, so that it does not come and go with
 * every batch. Pure: time comes in. Not safe for several threads.
 */
public final class LagWatch {
    /** Less than this could not be told from beats that wait to be written together, 1 s, and the time a batch takes. */
    public static final Duration LEAST_LIMIT = Duration.ofMillis(1_500);
    /** Shorter: one good second between two bad ones brings clients back. Longer: they stay far away from it. */
    static final long CALM_MILLIS = 2_000;

    private final long limitMillis;
    private final long calmBelowMillis;
    /** Regions that lag, and since when they have been calm; {@link Long#MAX_VALUE}: they are not. */
    private final Map<String, Long> calmSince = new HashMap<>();

    public LagWatch(Duration limit) {
        if (limit.compareTo(LEAST_LIMIT) < 0) {
            throw new IllegalArgumentException("hearth.regions.lag-limit is " + limit.toMillis() + "ms, needs at least "
                    + LEAST_LIMIT.toMillis() + "ms");
        }
        this.limitMillis = limit.toMillis();
        this.calmBelowMillis = limitMillis * 3 / 4;
    }

    /**
     * @param lags of the regions that somebody has beats of which wait; of the others nothing waits
     * @return the regions that lag
     */
    public Set<String> see(Map<String, Duration> lags, long nowMillis) {
        lags.forEach((region, lag) -> {
            if (lag.toMillis() >= limitMillis) {
                calmSince.put(region, Long.MAX_VALUE);
            }
        });
        calmSince.replaceAll((region, since) -> {
            var lag = lags.getOrDefault(region, Duration.ZERO).toMillis();
            return lag < calmBelowMillis ? Math.min(since, nowMillis) : Long.MAX_VALUE;
        });
        calmSince.values().removeIf(since -> since != Long.MAX_VALUE && nowMillis - since >= CALM_MILLIS);
        return Set.copyOf(calmSince.keySet());
    }
}
