package dev.hearth.agent;

import java.time.Duration;

/** One command that is asked again and again, at most one at a time. */
final class Probing {
    private static final Duration EVERY = Duration.ofSeconds(2);

    private boolean answered;
    private int waitingFor;
    private long askedAt;

    /** Whether to ask now. */
    boolean due(long now) {
        return waitingFor == 0 && (askedAt == 0 || now - askedAt >= EVERY.toNanos());
    }

    /** @param id of the command as sent; 0 where nothing could be sent, which is no answer either */
    void asked(int id, long now) {
        waitingFor = id == 0 ? -1 : id;
        askedAt = now;
    }

    void heard(CdpMessage message) {
        if (message.id() == waitingFor) {
            waitingFor = 0;
            answered |= !message.failed();
        }
    }

    void reset() {
        answered = false;
        waitingFor = 0;
        askedAt = 0;
    }

    HealthPolicy.Probe at(long now) {
        return new HealthPolicy.Probe(answered, waitingFor == 0 ? Duration.ZERO : Duration.ofNanos(now - askedAt));
    }
}
