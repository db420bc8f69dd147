package dev.hearth.operator.session;

import dev.hearth.operator.OperatorSettings;
import dev.hearth.operator.pool.PoolOperations;

/** Everything about declared sessions that runs while this operator leads, put together. */
public final class SessionOperations {
    private final SessionReconciler reconciler;

    public SessionOperations(PoolOperations.Shared shared, OperatorSettings settings) {
        var ports = shared.ports();
        this.reconciler = new SessionReconciler(
                new SessionClaims(ports.claims(), ports.directory(), ports.virtualShard()),
                ports.sessions(),
                ports.urls(),
                new ConnectSecret(shared.client()),
                shared.leadership(),
                new SessionReconciler.Ending(settings.releaseDeadline(), shared.clock()));
    }

    public SessionReconciler reconciler() {
        return reconciler;
    }
}
