package dev.hearth.cdp;

import static dev.hearth.telemetry.LogKeys.REASON;
import static dev.hearth.telemetry.LogKeys.SESSION;

import dev.hearth.claim.Connections;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.gateway.AgentCalls;
import dev.hearth.gateway.OffLoop;
import dev.hearth.gateway.SessionEnds;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a connection's events mean for its session. */
final class SessionPumpEvents implements PumpEvents {
    private static final Logger LOG = LoggerFactory.getLogger(SessionPumpEvents.class);

    private final Target target;
    private final Context loop;
    private final OffLoop offLoop;
    private final SessionEnds ends;
    private final AgentCalls agents;
    private final Consumer<Carried> whenClosed;

    SessionPumpEvents(
            Target target,
            Context loop,
            OffLoop offLoop,
            SessionEnds ends,
            AgentCalls agents,
            Consumer<Carried> whenClosed) {
        this.target = target;
        this.loop = loop;
        this.offLoop = offLoop;
        this.ends = ends;
        this.agents = agents;
        this.whenClosed = whenClosed;
    }

    /** @param viewer a page socket: never counts for the session's life */
    record Target(Session session, UUID connection, boolean viewer, Joiner.OnClose onClose) {
        private boolean outlivesClose() {
            return onClose == Joiner.OnClose.AS_THE_SESSION_SAYS
                    && session.terms().keepAlive();
        }
    }

    @Override
    public Future<Void> browserClose() {
        return target.outlivesClose() ? Future.succeededFuture() : end(EndReason.BROWSER_CLOSED);
    }

    @Override
    public void clientLeft(boolean told) {
        if (target.viewer()) {
            return;
        }
        if (!told) {
            agents.leave(target.session(), target.connection());
        }
        var terms = target.session().terms();
        // Of a shared session only the agent knows whether this was the last client: its next beat says so.
        if (!terms.keepAlive() && terms.connections() == Connections.EXCLUSIVE) {
            end(EndReason.CLIENT_DISCONNECTED);
        }
    }

    @Override
    public void closed(Carried carried) {
        whenClosed.accept(carried);
    }

    private Future<Void> end(EndReason reason) {
        return offLoop.<Void>call(loop, () -> {
                    ends.end(target.session().id(), null, reason);
                    return null;
                })
                .onFailure(broken -> LOG.atWarn()
                        .addKeyValue(SESSION, target.session().id())
                        .addKeyValue(REASON, reason.word())
                        .log("session not ended now: its deadline or its agent's beat will end it"));
    }
}
