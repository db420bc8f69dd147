package dev.hearth.store;

import dev.hearth.claim.StoreException;
import dev.hearth.claim.StoreException.Kind;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Whether a database can be reached, by what became of the last that was asked of it. Only for those who can do without it:
 * who needs this very database asks it, and finds out.
 */
final class Reach {
    /**
     * One asks again so long after the last failure. Shorter than between two sweeps of a silent database, and others than
     * those would wait for it; longer, and a process that sweeps nothing leaves one that is back alone.
     */
    static final long PAUSE_NANOS = 5_000_000_000L;

    private final LongSupplier nanoTime;
    private final AtomicLong askAgain = new AtomicLong();
    private volatile boolean away;
    private volatile boolean prepared = true;

    Reach() {
        this(System::nanoTime);
    }

    Reach(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** True for all while it answers; while it is away for one caller now and then, who finds out for all. */
    boolean isThere() {
        if (!away) {
            return prepared;
        }
        var due = askAgain.get();
        var now = nanoTime.getAsLong();
        return prepared && now - due >= 0 && askAgain.compareAndSet(due, now + PAUSE_NANOS);
    }

    /** As it was seen last; unlike {@link #isThere} nobody is sent to see. */
    boolean isAway() {
        return away || !prepared;
    }

    void answered() {
        away = false;
    }

    void failed() {
        askAgain.set(nanoTime.getAsLong() + PAUSE_NANOS);
        away = true;
    }

    /** Its schema is not known to fit: nothing may be asked of it. */
    void unprepared() {
        prepared = false;
    }

    void prepared() {
        prepared = true;
    }

    void refuseUnprepared() {
        if (!prepared) {
            throw unavailable("the database could not be reached since the start");
        }
    }

    static StoreException unavailable(String message) {
        return new StoreException(Kind.UNAVAILABLE, message, new IllegalStateException(message));
    }
}
