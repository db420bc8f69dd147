package dev.hearth.agent;

import dev.hearth.wire.Beat;
import java.time.Duration;

/** Says how Chrome is from what its commands tell. Pure. */
final class HealthPolicy {
    /** Longer: a frozen browser is handed out for longer. Shorter: a busy machine's browsers look frozen. */
    static final Duration FROZEN_AFTER = Duration.ofSeconds(5);

    private HealthPolicy() {}

    /** The agent's own CDP connection. */
    enum Link {
        NOT_YET,
        OPEN,
        /** It was open once. It is never opened again: a Chrome that comes back is another Chrome. */
        LOST
    }

    /**
     * One command that is asked again and again.
     *
     * @param answered whether it ever was
     * @param silence since it was asked, while it waits for its answer; else zero
     */
    record Probe(boolean answered, Duration silence) {
        static final Probe UNASKED = new Probe(false, Duration.ZERO);

        boolean silent() {
            return silence.compareTo(FROZEN_AFTER) >= 0;
        }
    }

    /** @param inSession the pages are a client's: a busy page is its own matter then */
    record Pulse(Link link, Probe browser, Probe page, boolean inSession) {}

    static Beat.Chrome judge(Pulse pulse) {
        return switch (pulse.link()) {
            case NOT_YET -> Beat.Chrome.STARTING;
            case LOST -> Beat.Chrome.GONE;
            case OPEN -> answering(pulse);
        };
    }

    private static Beat.Chrome answering(Pulse pulse) {
        if (pulse.browser().silent()) {
            return Beat.Chrome.FROZEN;
        }
        if (!pulse.browser().answered()) {
            return Beat.Chrome.STARTING;
        }
        if (pulse.inSession()) {
            return Beat.Chrome.READY;
        }
        if (pulse.page().silent()) {
            return Beat.Chrome.FROZEN;
        }
        return pulse.page().answered() ? Beat.Chrome.READY : Beat.Chrome.STARTING;
    }
}
