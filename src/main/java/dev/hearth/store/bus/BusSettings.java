package dev.hearth.store.bus;

import java.time.Duration;

/**
 * @param lanes groups on their way at once, at most. 0: no groups at all
 * @param group requests of one transaction at most; more keep its rows locked for longer
 * @param hold how long a request waits for the lane that is busy before it starts another. Longer: larger groups, and less
 *     work of the database for each request; shorter: a slow group holds others up for less
 */
public record BusSettings(int lanes, int group, Duration hold) {
    public static final BusSettings DEFAULT = new BusSettings(4, 64, Duration.ofMillis(20));

    /** Every request by itself. */
    public static final BusSettings OFF = new BusSettings(0, 1, Duration.ZERO);

    public BusSettings {
        if (lanes < 0 || group < 1 || hold.isNegative()) {
            throw new IllegalArgumentException(
                    "the bus has %d lanes for groups of %d, held for %s: needs 0 or more, 1 or more, and 0 or more"
                            .formatted(lanes, group, hold));
        }
    }

    boolean isOff() {
        return lanes == 0;
    }
}
