package dev.hearth.store.bus;

import java.time.Duration;
import java.util.stream.Stream;

/**
 * @param lanes groups on their way at once, at most. 0: no groups at all
 * @param group requests of one transaction at most; more keep its rows locked for longer
 * @param hold how long a request waits for the lane that is busy before it starts another. Longer: larger groups, and less
 *     work of the database for each request; shorter: a slow group holds others up for less
 * @param claimPace a lane begins its next group of claims so long after the one before, and no sooner. Longer: larger
 *     groups; whoever comes when a lane has nothing to do waits for nobody
 * @param endingPace the same of endings, for which nobody is as eager
 */
public record BusSettings(int lanes, int group, Duration hold, Duration claimPace, Duration endingPace) {
    public static final BusSettings DEFAULT =
            new BusSettings(4, 64, Duration.ofMillis(20), Duration.ofMillis(2), Duration.ofMillis(6));

    /** Every request by itself. */
    public static final BusSettings OFF = new BusSettings(0, 1, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    public BusSettings {
        if (lanes < 0 || group < 1 || Stream.of(hold, claimPace, endingPace).anyMatch(Duration::isNegative)) {
            throw new IllegalArgumentException(
                    "the bus has %d lanes for groups of %d, held for %s, with a pace of %s and %s: needs 0 or more, 1 or more, and 0 or more"
                            .formatted(lanes, group, hold, claimPace, endingPace));
        }
    }

    boolean isOff() {
        return lanes == 0;
    }
}
