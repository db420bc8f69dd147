package dev.hearth.gateway;

import java.time.Duration;
import java.util.Optional;

/** The ranges of what clients may ask for, in whole seconds as the API speaks them. Pure. */
public enum Bounds {
    /** Browserbase's own: shorter ends sessions before a first page is up, longer outlives the pod's own limits. */
    TIMEOUT("timeout", 60, 21_600),
    /** 0: idleness never ends the session. */
    IDLE_TIMEOUT("idleTimeout", 0, 21_600),
    /** 1 hour: a browser that waits longer for its client is a browser that nobody else has. */
    CONNECT_TIMEOUT("connectTimeout", 1, 3_600),
    RECONNECT_WINDOW("reconnectWindow", 0, 3_600),
    /** 5 minutes: the gateway's own idle timeout for a connection on which nothing moves is above it. */
    WAIT_TIMEOUT("waitTimeout", 0, 300);

    private final String field;
    private final long least;
    private final long most;

    Bounds(String field, long least, long most) {
        this.field = field;
        this.least = least;
        this.most = most;
    }

    public String field() {
        return field;
    }

    public Optional<Refusal> refuse(long seconds) {
        return seconds >= least && seconds <= most ? Optional.empty() : Optional.of(outOfRange());
    }

    public Refusal outOfRange() {
        return Refusal.of(Problem.FIELD_RANGE, "'/" + field + "' must be " + least + "…" + most + " seconds.")
                .at("/" + field);
    }

    public static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
