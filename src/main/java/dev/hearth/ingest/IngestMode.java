package dev.hearth.ingest;

/** Which beats are written to the store. Silence is noticed as soon in either. */
public enum IngestMode {
    /** Every one. */
    FULL,
    /**
     * Those that say something new, all of browsers in a session, and one of each other browser every 45 to 75 s. The gateway
     * vouches for the rest; while a gateway of an older release lives, every one is written.
     */
    DELTA
}
