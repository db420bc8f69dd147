package dev.hearth.gateway;

import static dev.hearth.telemetry.LogKeys.SESSION;

import dev.hearth.claim.Deadlines;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionStore;
import dev.hearth.claim.SessionStore.Ending;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends sessions: in the store first, then at the agent and in the sockets here. Blocks: never call it on an event loop. */
public final class SessionEnds {
    private static final Logger LOG = LoggerFactory.getLogger(SessionEnds.class);

    private final SessionStore store;
    private final AgentCalls agents;
    private final LiveConnections connections;

    public SessionEnds(SessionStore store, AgentCalls agents, LiveConnections connections) {
        this.store = store;
        this.agents = agents;
        this.connections = connections;
    }

    /** @param project null for Hearth's own endings */
    public Ending end(UUID session, @Nullable String project, EndReason reason) {
        var ending = store.end(session, project, reason);
        if (ending instanceof Ending.Ended(var ended)) {
            announce(ended);
        }
        return ending;
    }

    /** Ends what is overdue in one shard, up to {@code limit} at once; returns how many that were. */
    public int endOverdue(Deadlines.OfShard shard, int limit) {
        var overdue = shard.endOverdue(limit);
        overdue.forEach(this::announce);
        return overdue.size();
    }

    private void announce(Session ended) {
        agents.end(ended)
                .onFailure(unreachable -> LOG.atDebug()
                        .addKeyValue(SESSION, ended.id())
                        .log("agent not reached at the session's end; its next beat tells it"));
        connections.sessionEnded(ended.id());
    }
}
