package dev.hearth.operator;

import dev.hearth.pool.SupplyStore;
import org.jspecify.annotations.Nullable;

/**
 * This process' right to write. The epoch is taken in the database when it is first needed after leading began, so a
 * database that is away at that moment delays writes and nothing else.
 */
public final class Leadership {
    private final SupplyStore store;
    private final String identity;
    private boolean leading;
    private @Nullable Long epoch;

    public Leadership(SupplyStore store, String identity) {
        this.store = store;
        this.identity = identity;
    }

    public synchronized void begin() {
        leading = true;
        epoch = null;
    }

    public synchronized void end() {
        leading = false;
        epoch = null;
    }

    public synchronized boolean isLeading() {
        return leading;
    }

    /** @throws NotLeading where this process must not write */
    public synchronized long epoch() {
        if (!leading) {
            throw new NotLeading();
        }
        if (epoch == null) {
            epoch = store.lead(identity);
        }
        return epoch;
    }

    /** Somebody else leads, or nobody: nothing may be decided here now. */
    public static final class NotLeading extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotLeading() {
            super("this operator does not lead");
        }
    }
}
