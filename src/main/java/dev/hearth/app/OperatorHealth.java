package dev.hearth.app;

import dev.hearth.gateway.RolesConfig;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * A watch that ended for good needs a new process. Where a gateway lives in the same one the sockets are worth more: then
 * it is told, and nobody dies of it. Asks neither the API server nor the database.
 */
@Singleton
final class OperatorHealth {
    @Produces
    @Liveness
    @Singleton
    HealthCheck liveness(OperatorRole role, RolesConfig roles) {
        return () -> report(roles.gateway(), role::isHealthy);
    }

    static HealthCheckResponse report(boolean besideGateway, BooleanSupplier watches) {
        var alive = watches.getAsBoolean();
        return HealthCheckResponse.named("operator")
                .status(alive || besideGateway)
                .withData("watches", alive)
                .build();
    }
}
