package dev.hearth.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a pool should be.
 *
 * @param replicas unclaimed browsers, warm and starting
 * @param maxBrowsers all browsers of the pool at once, whatever they do; null: no ceiling
 * @param revision hash of the shape that new browsers are built from
 * @param maxAge beyond which a browser is replaced, whatever its revision; null: none is too old
 * @param resetTimeout within which a browser that serves again has its new Chrome, by its agent's clock
 */
public record PoolTarget(
        UUID pool,
        int replicas,
        @Nullable Integer maxBrowsers,
        boolean paused,
        String revision,
        @Nullable Duration maxAge,
        Duration resetTimeout,
        Rollout rollout,
        Ending ending) {

    /** How browsers of an older revision go. */
    public sealed interface Rollout {
        /** An old one goes when a new one is warm; up to {@code surge} browsers above replicas meanwhile. */
        record Rolling(int surge) implements Rollout {}

        /** Old ones stay until they are claimed or too many. */
        record OnReplenish() implements Rollout {}
    }

    /** Whether the pool is going, and how. */
    public enum Ending {
        STAYS,
        /** Unclaimed browsers go now, claimed ones with their sessions. */
        DRAINS,
        /** All go now. */
        TERMINATES
    }

    public PoolTarget withReplicas(int other) {
        return new PoolTarget(pool, other, maxBrowsers, paused, revision, maxAge, resetTimeout, rollout, ending);
    }

    /**
     * When a browser is too old; null: never. Up to a tenth before {@code maxAge}, each at its own time: browsers that
     * started together would all be replaced together.
     */
    @Nullable
    Instant outdatedAt(Browser browser) {
        if (maxAge == null) {
            return null;
        }
        var part = (browser.id().getLeastSignificantBits() & 0xffff) / 65536.0;
        return browser.createdAt().plus(maxAge).minusMillis((long) (maxAge.toMillis() * part / 10));
    }

    /** Unclaimed browsers there may be beside {@code claimed} ones. */
    int unclaimedTarget(int claimed) {
        if (ending != Ending.STAYS) {
            return 0;
        }
        return maxBrowsers == null ? replicas : Math.min(replicas, Math.max(0, maxBrowsers - claimed));
    }

    /** Rows that may be added to {@code rows} existing ones. */
    int room(int rows) {
        return maxBrowsers == null ? Integer.MAX_VALUE : Math.max(0, maxBrowsers - rows);
    }
}
