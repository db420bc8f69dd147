package dev.hearth.app;

import static dev.hearth.telemetry.LogKeys.PROJECT;
import static dev.hearth.telemetry.LogKeys.REASON;
import static dev.hearth.telemetry.LogKeys.SESSION;

import dev.hearth.claim.Session;
import dev.hearth.claim.SessionListener;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs and counts each session's end, whoever brought it about: a client, a deadline, an agent's report, the operator; and
 * counts what became of browsers that were to serve again.
 */
final class EndedSessions implements SessionListener {
    private static final Logger LOG = LoggerFactory.getLogger(EndedSessions.class);

    private final MeterRegistry registry;

    EndedSessions(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void ended(Session session) {
        var reason =
                session.endReason() == null ? "unknown" : session.endReason().word();
        registry.counter("hearth.sessions.ended", "reason", reason).increment();
        LOG.atInfo()
                .addKeyValue(SESSION, session.id())
                .addKeyValue(PROJECT, session.project())
                .addKeyValue(REASON, reason)
                .log("session ended");
    }

    @Override
    public void reset(int renewed, int givenUp) {
        count("Renewed", renewed);
        count("GivenUp", givenUp);
    }

    private void count(String outcome, int browsers) {
        if (browsers > 0) {
            registry.counter("hearth.resets", "outcome", outcome).increment(browsers);
        }
    }
}
