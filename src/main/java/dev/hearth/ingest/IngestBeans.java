package dev.hearth.ingest;

import dev.hearth.claim.HeartbeatStore;
import dev.hearth.gateway.GatewayMetrics;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Puts this package together; {@code app} starts it. */
@Singleton
final class IngestBeans {
    @Produces
    @Singleton
    IngestServer server(Vertx vertx, HeartbeatStore store, GatewayMetrics metrics, IngestConfig config) {
        return new IngestServer(vertx, store, metrics, config);
    }
}
