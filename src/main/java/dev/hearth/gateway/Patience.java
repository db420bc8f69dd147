package dev.hearth.gateway;

import java.time.Duration;

/**
 * How long a client will wait for a browser.
 *
 * @param waitTimeout zero: it is refused at once
 */
public record Patience(Duration waitTimeout, Presence presence) {
    public static final Patience NONE = new Patience(Duration.ZERO, Presence.assumed());

    /** Tells how long a claim may really wait; on the answer to every request that asked to. */
    public static final String HEADER = "hearth-wait-timeout";

    public boolean waits() {
        return waitTimeout.isPositive();
    }
}
