package dev.hearth.app;

import dev.hearth.claim.ClaimStore;
import dev.hearth.claim.ConnectionLog;
import dev.hearth.claim.Deadlines;
import dev.hearth.claim.Directory;
import dev.hearth.claim.HeartbeatStore;
import dev.hearth.claim.RegionLags;
import dev.hearth.claim.SessionStore;
import dev.hearth.claim.Vacancies;
import dev.hearth.pool.SupplyStore;
import dev.hearth.store.GatewayRegistry.Gateway;
import dev.hearth.store.StoreConfig;
import dev.hearth.store.Stores;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.UUID;

/** Postgres behind every port. */
@Singleton
final class StoreBeans {
    @Produces
    @Singleton
    Stores stores(StoreConfig config, MeterRegistry registry) {
        return Stores.open(config.settings(), new EndedSessions(registry));
    }

    void close(@Disposes Stores stores) {
        stores.close();
    }

    @Produces
    @Singleton
    ClaimStore claims(Stores stores) {
        return stores.claims();
    }

    @Produces
    @Singleton
    Vacancies vacancies(Stores stores) {
        return stores.vacancies();
    }

    @Produces
    @Singleton
    SessionStore sessions(Stores stores) {
        return stores.sessions();
    }

    /** Who this process is among the gateways. */
    @Produces
    @Singleton
    Gateway self() {
        return new Gateway(System.getenv().getOrDefault("HOSTNAME", "local"), UUID.randomUUID());
    }

    @Produces
    @Singleton
    ConnectionLog connections(Stores stores, Gateway self) {
        return stores.connections(self);
    }

    @Produces
    @Singleton
    HeartbeatStore heartbeats(Stores stores, Gateway self) {
        return stores.heartbeats(self);
    }

    @Produces
    @Singleton
    RegionLags regionLags(Stores stores, Gateway self) {
        return stores.regionLags(self);
    }

    @Produces
    @Singleton
    Deadlines deadlines(Stores stores) {
        return stores.deadlines();
    }

    @Produces
    @Singleton
    Directory directory(Stores stores) {
        return stores.directory();
    }

    @Produces
    @Singleton
    SupplyStore supply(Stores stores) {
        return stores.supply();
    }
}
