package dev.hearth.http;

import dev.hearth.gateway.GatewayState;
import dev.hearth.gateway.RolesConfig;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Whether this process lives and should get traffic. Asks nobody: it reads what the duties found out. */
@Singleton
final class GatewayHealth {
    @Produces
    @Readiness
    @Singleton
    HealthCheck readiness(GatewayState state, RolesConfig roles) {
        return () -> HealthCheckResponse.named("gateway")
                .status(!roles.gateway() || state.ready())
                .withData("store", state.storeReachable())
                .withData("shardsAway", String.join(",", state.shardsAway()))
                .withData("draining", state.draining())
                .build();
    }

    @Produces
    @Liveness
    @Singleton
    HealthCheck liveness() {
        return () -> HealthCheckResponse.up("event-loop");
    }
}
