package dev.hearth.claim;

/** The store is broken, not the request. The message is safe to show: no SQL, no address. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    public StoreException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** What a caller may conclude. */
    public enum Kind {
        /** Nothing was done; trying again later is safe. */
        UNAVAILABLE,
        /** Nothing was done: the rows are on their way to another database, or there. The store asks again by itself. */
        MOVED,
        /** The commit's answer was lost: it may have been done. */
        OUTCOME_UNKNOWN,
        /** A defect: the statement was refused. */
        BROKEN
    }
}
