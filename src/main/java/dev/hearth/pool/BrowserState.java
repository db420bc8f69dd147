package dev.hearth.pool;

/** {@code STARTING → WARM → CLAIMED → RETIRING}; {@code WARM → RETIRING}; anything {@code → FAILED}. A row goes when its pod is gone. */
public enum BrowserState {
    STARTING,
    WARM,
    CLAIMED,
    RETIRING,
    FAILED
}
