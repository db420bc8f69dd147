package dev.hearth.gateway;

import dev.hearth.claim.ClaimStore;
import dev.hearth.claim.Deadlines;
import dev.hearth.claim.Directory;
import dev.hearth.claim.LagWatch;
import dev.hearth.claim.RegionLags;
import dev.hearth.claim.SessionStore;
import dev.hearth.claim.Vacancies;
import dev.hearth.claim.WaitingLine;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;

/** Puts the gateway's shared parts together; the stores come from {@code app}. */
@Singleton
final class GatewayBeans {
    private final GatewayConfig config;
    private final RegionsConfig regions;
    private final InstantSource clock = InstantSource.system();

    GatewayBeans(GatewayConfig config, RegionsConfig regions) {
        this.config = config;
        this.regions = regions;
    }

    @Produces
    @Singleton
    GatewayKeys keys() {
        return GatewayKeys.load(config.signingKeyFile().orElse(List.of()));
    }

    @Produces
    @Singleton
    GatewayState state() {
        return new GatewayState();
    }

    @Produces
    @Singleton
    GatewayMetrics metrics(MeterRegistry registry) {
        return new GatewayMetrics(registry);
    }

    @Produces
    @Singleton
    SessionUrls urls(GatewayKeys keys) {
        return new SessionUrls(keys, config.publicUrl());
    }

    @Produces
    @Singleton
    ViewTokens views(GatewayKeys keys) {
        return new ViewTokens(keys);
    }

    @Produces
    @Singleton
    Callers callers(Directory directory) {
        return new Callers(directory, clock);
    }

    @Produces
    @Singleton
    Claims claims(
            ClaimStore store, WaitingRoom room, Directory directory, LaggingRegions lagging, GatewayMetrics metrics) {
        var site = new Claims.Site(config.region(), config.zone(), new RegionMap(regions.locations()));
        return new Claims(store, room, new Pools(directory, clock), site, lagging, clock, metrics);
    }

    @Produces
    @Singleton
    LaggingRegions lagging(RegionLags lags, GatewayMetrics metrics) {
        var lagging = new LaggingRegions(lags, new LagWatch(regions.lagLimit()));
        metrics.gauge("hearth.regions.lagging", lagging, all -> all.now().size());
        return lagging;
    }

    @Produces
    @Singleton
    Whereabouts whereabouts() {
        return new Whereabouts(regions.locationHeader(), regions.coordinatesHeaders());
    }

    @Produces
    @Singleton
    WaitingRoom room(ClaimStore store, Vacancies vacancies, GatewayState state, GatewayMetrics metrics) {
        var bounds =
                new WaitingLine.Bounds(config.waiting().most(), config.waiting().mostOfProject());
        var room = new WaitingRoom(store, vacancies, state, clock, bounds);
        metrics.gauge("hearth.waiting", room, WaitingRoom::waiting);
        return room;
    }

    void close(@Disposes WaitingRoom room) {
        room.close();
    }

    @Produces
    @Singleton
    AgentCalls agents(Vertx vertx, GatewayKeys keys) {
        return new AgentCalls(vertx, keys, clock);
    }

    @Produces
    @Singleton
    SessionEnds ends(SessionStore store, AgentCalls agents, LiveConnections connections) {
        return new SessionEnds(store, agents, connections);
    }

    @Produces
    @Singleton
    GatewayDuties duties(SessionEnds ends, Deadlines deadlines, GatewayState state, LiveConnections connections) {
        return new GatewayDuties(ends, deadlines, state, connections, List.of());
    }
}
