package dev.hearth.app;

import dev.hearth.gateway.GatewayConfig;
import dev.hearth.gateway.GatewayDuties;
import dev.hearth.gateway.LaggingRegions;
import dev.hearth.gateway.RolesConfig;
import dev.hearth.ingest.IngestServer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Starts and stops what a gateway does besides answering requests, where this process plays the role. */
@Singleton
final class GatewayRole {
    private final RolesConfig roles;
    private final GatewayConfig config;
    private final GatewayDuties duties;
    private final IngestServer ingest;
    private final LaggingRegions lagging;

    GatewayRole(
            RolesConfig roles,
            GatewayConfig config,
            GatewayDuties duties,
            IngestServer ingest,
            LaggingRegions lagging) {
        this.roles = roles;
        this.config = config;
        this.duties = duties;
        this.ingest = ingest;
        this.lagging = lagging;
    }

    void start(@Observes @Priority(2000) StartupEvent event) throws Exception {
        if (roles.gateway()) {
            ingest.start().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
            duties.start();
            lagging.start(ingest::lags);
        }
    }

    void stop(@Observes @Priority(100) ShutdownEvent event) throws Exception {
        if (roles.gateway()) {
            duties.stop(config.drain());
            lagging.stop();
            try {
                ingest.stop().toCompletionStage().toCompletableFuture().get(2, TimeUnit.SECONDS);
            } catch (TimeoutException slow) {
                // Agents keep their newest state and dial the next gateway.
                return;
            }
        }
    }
}
