package dev.hearth.cdp;

import dev.hearth.claim.ConnectionLog;
import dev.hearth.claim.SessionStore;
import dev.hearth.gateway.AgentCalls;
import dev.hearth.gateway.Callers;
import dev.hearth.gateway.Claims;
import dev.hearth.gateway.GatewayConfig;
import dev.hearth.gateway.GatewayKeys;
import dev.hearth.gateway.GatewayMetrics;
import dev.hearth.gateway.GatewayState;
import dev.hearth.gateway.LiveConnections;
import dev.hearth.gateway.OffLoop;
import dev.hearth.gateway.SessionEnds;
import dev.hearth.gateway.SessionUrls;
import dev.hearth.gateway.Whereabouts;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Puts this package together. */
@Singleton
final class CdpBeans {
    private final Vertx vertx;
    private final GatewayConfig config;
    private final OffLoop offLoop = new OffLoop();

    CdpBeans(Vertx vertx, GatewayConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    @Produces
    @Singleton
    Connections connections(GatewayMetrics metrics) {
        var connections = new Connections();
        metrics.gauge("hearth.connections", connections, LiveConnections::open);
        return connections;
    }

    @Produces
    @Singleton
    Admission admission(Callers callers, Claims claims, SessionStore sessions, GatewayKeys keys) {
        return new Admission(callers, claims, sessions, keys);
    }

    @Produces
    @Singleton
    Joiner joiner(
            Connections connections, SessionEnds ends, AgentCalls agents, GatewayMetrics metrics, ConnectionLog log) {
        return new Joiner(vertx, connections, new Joiner.Outside(offLoop, ends, agents, metrics, log), ping(config));
    }

    @Produces
    @Singleton
    Doorway doorway(Joiner joiner, GatewayState state) {
        return new Doorway(joiner, state);
    }

    @Produces
    @Singleton
    CdpRoutes.Cdp cdp(
            Admission admission, Joiner joiner, AgentCalls agents, SessionUrls urls, Whereabouts whereabouts) {
        return new CdpRoutes.Cdp(
                admission,
                agents,
                joiner,
                new TargetList(admission, agents, urls, offLoop),
                new LiveView(admission, joiner, agents, offLoop),
                offLoop,
                whereabouts);
    }

    /** A timer of no time would fail with the first client that connects. */
    private static Duration ping(GatewayConfig config) {
        if (config.ping().toMillis() < 1) {
            throw new IllegalArgumentException("hearth.gateway.ping is " + config.ping() + ": needs more than 0");
        }
        return config.ping();
    }
}
