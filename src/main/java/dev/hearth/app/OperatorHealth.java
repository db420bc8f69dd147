package dev.hearth.app;

import dev.hearth.gateway.RolesConfig;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/**
 * A watch that ended for good needs a new process. Where a gateway lives in the same one the sockets are worth more: then
 * it is told, and nobody dies of it; so with keys that are not read yet. Asks neither the API server nor the database.
 */
@Singleton
final class OperatorHealth {
    @Produces
    @Liveness
    @Singleton
    HealthCheck liveness(OperatorRole role, RolesConfig roles) {
        return () -> report("watches", roles.gateway(), role::isHealthy);
    }

    /** Who installs Hearth waits for this: before, the key that he was just given would be refused. */
    @Produces
    @Readiness
    @Singleton
    HealthCheck readiness(OperatorRole role, RolesConfig roles) {
        return () -> report("keys", roles.gateway(), role::isReady);
    }

    static HealthCheckResponse report(String what, boolean besideGateway, BooleanSupplier check) {
        var good = check.getAsBoolean();
        return HealthCheckResponse.named("operator")
                .status(good || besideGateway)
                .withData(what, good)
                .build();
    }
}
