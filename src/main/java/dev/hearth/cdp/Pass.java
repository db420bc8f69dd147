package dev.hearth.cdp;

import dev.hearth.claim.Session;
import dev.hearth.gateway.AgentCalls;
import dev.hearth.wire.Grant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One client's way past its browser's agent. Sealing a grant takes as long as asking the store: for a session of which we
 * know already what the store will say, both are done at once. Only what the store did say is ever sent.
 */
final class Pass {
    private final AgentCalls agents;
    private final Grant.Kind kind;
    private final UUID connection = UUID.randomUUID();
    private @Nullable Early early;

    Pass(AgentCalls agents, Grant.Kind kind) {
        this.agents = agents;
        this.kind = kind;
    }

    private record Early(Session session, CompletableFuture<String> grant) {
        /** All that a grant takes from its session. */
        boolean fits(Session asked) {
            return session.id().equals(asked.id())
                    && session.epoch() == asked.epoch()
                    && session.podUid().equals(asked.podUid())
                    && session.terms().connections() == asked.terms().connections();
        }
    }

    /** What an agent lets in. */
    record Sealed(Grant.Kind kind, UUID connection, String grant) {}

    /** Begins to seal for what the session is likely to be still. The caller has proved its right to it. */
    void foresee(Session likely) {
        early = new Early(likely, CompletableFuture.supplyAsync(() -> grant(likely), Thread::startVirtualThread));
    }

    Sealed seal(Session session) {
        return new Sealed(
                kind,
                connection,
                early != null && early.fits(session) ? early.grant().join() : grant(session));
    }

    private String grant(Session session) {
        return agents.grant(session, kind, connection);
    }
}
