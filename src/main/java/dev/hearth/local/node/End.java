package dev.hearth.local.node;

import java.time.Duration;
import java.time.Instant;

/** Why and how fast a pod is to end. */
record End(Cause cause, PodSteps.Stop stop, String message) {
    /** The later decides what is left to do where two come together. */
    enum Cause {
        /** It broke a limit; its object stays, Failed. */
        EVICTED,
        /** Its object waits for our last word. */
        DELETED,
        /** This node goes; objects stay as they are until it comes back. */
        SHUTDOWN,
        /** Its object is gone already: nothing to tell, nobody to wait for. */
        VANISHED
    }

    static End of(Cause cause, Instant now, Duration grace) {
        return new End(cause, new PodSteps.Stop(now, grace), "");
    }

    /** Of two orders the sooner end and the stronger cause. */
    End and(End other) {
        var strongest = cause.compareTo(other.cause) >= 0 ? this : other;
        var soonest = end().isAfter(other.end()) ? other : this;
        return new End(strongest.cause, soonest.stop, strongest.message);
    }

    private Instant end() {
        return stop.since().plus(stop.grace());
    }
}
