package dev.hearth.claim;

/** The store is broken, not the request. The message is safe to show: no SQL, no address. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final boolean away;

    public StoreException(Kind kind, String message, Throwable cause) {
        this(kind, message, cause, false);
    }

    /** @param away whether nobody reaches the store now: whoever waits to be next would only learn the same later */
    public StoreException(Kind kind, String message, Throwable cause, boolean away) {
        super(message, cause);
        this.kind = kind;
        this.away = away;
    }

    public Kind kind() {
        return kind;
    }

    public boolean isAway() {
        return away;
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
