package dev.hearth.pool;

/**
 * {@code STARTING → WARM → CLAIMED → RETIRING}; {@code CLAIMED → RESETTING → WARM} where a browser may be used again;
 * {@code WARM → RETIRING}; anything {@code → FAILED}. A row goes when its pod is gone.
 */
public enum BrowserState {
    STARTING,
    WARM,
    CLAIMED,
    /** Its session is over and its Chrome is being replaced: nobody's until its agent says that the new one is ready. */
    RESETTING,
    RETIRING,
    FAILED
}
