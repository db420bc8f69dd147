package dev.hearth.store.bus;

/**
 * @param lanes groups on their way at once. Fewer: larger groups, and less work of the database for each request; more: a
 *     slow group holds up fewer others. 0: no groups at all
 * @param group requests of one transaction at most; more keep its rows locked for longer
 */
public record BusSettings(int lanes, int group) {
    public static final BusSettings DEFAULT = new BusSettings(4, 64);

    /** Every request by itself. */
    public static final BusSettings OFF = new BusSettings(0, 1);

    public BusSettings {
        if (lanes < 0 || group < 1) {
            throw new IllegalArgumentException(
                    "the bus has %d lanes for groups of %d: needs 0 or more, and 1 or more".formatted(lanes, group));
        }
    }

    boolean isOff() {
        return lanes == 0;
    }
}
