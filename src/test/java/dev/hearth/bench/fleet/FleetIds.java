package dev.hearth.bench.fleet;

import java.util.UUID;

/**
 * A browser's id carries its number, so that neither a row nor an answer needs a look-up among a million. The rest is
 * scattered: ids are as random to the database's pages as real ones.
 */
public final class FleetIds {
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private FleetIds() {}

    public static UUID id(int number) {
        return new UUID(scattered(number), VARIANT | number);
    }

    public static int number(UUID id) {
        return (int) id.getLeastSignificantBits();
    }

    /** From the last eight digits of the id's text, which ends before {@code end}. */
    static int number(byte[] text, int end) {
        var number = 0;
        for (var at = end - 8; at < end; at++) {
            number = number << 4 | Character.digit(text[at], 16);
        }
        return number;
    }

    /** The finalizer of SplitMix64; the version bits say 4, as those of a random id do. */
    private static long scattered(long number) {
        var mixed = (number + 1) * 0x9E37_79B9_7F4A_7C15L;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
        return (mixed ^ mixed >>> 31) & ~0xF000L | 0x4000L;
    }
}
