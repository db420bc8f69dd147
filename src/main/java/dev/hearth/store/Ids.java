package dev.hearth.store;

import java.util.Comparator;
import java.util.UUID;

/** Ids in the order that Postgres has them in. */
final class Ids {
    /** Java compares the halves of an id as signed numbers, Postgres compares its bytes. */
    static final Comparator<UUID> AS_POSTGRES = (one, other) -> {
        var high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
    };

    private Ids() {}
}
