package dev.hearth.app;

import dev.hearth.claim.StoreException;
import dev.hearth.gateway.RolesConfig;
import dev.hearth.store.GatewayRegistry;
import dev.hearth.store.GatewayRegistry.Gateway;
import dev.hearth.store.Stores;
import dev.hearth.store.Upkeep;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the database needs by the clock from every gateway: its row renewed, partitions made ahead, counters audited. */
@Singleton
final class StoreUpkeep {
    /** Others take a gateway for dead after 3 s: three renewals may fail before. */
    private static final Duration RENEWAL = Duration.ofSeconds(1);
    /** Partitions are made days ahead; an hour is soon enough to make the next. */
    private static final Duration PARTITIONS = Duration.ofHours(1);

    private static final Duration AUDIT = Duration.ofMinutes(5);
    private static final Duration KEEP_HISTORY = Duration.ofDays(30);
    private static final Logger LOG = LoggerFactory.getLogger(StoreUpkeep.class);

    private final RolesConfig roles;
    private final GatewayRegistry gateways;
    private final Upkeep upkeep;
    private final MeterRegistry registry;
    private final Gateway self;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("store-upkeep").factory());

    StoreUpkeep(RolesConfig roles, Stores stores, Gateway self, MeterRegistry registry) {
        this.registry = registry;
        this.roles = roles;
        this.self = self;
        this.gateways = stores.gateways();
        this.upkeep = stores.upkeep();
    }

    void start(@Observes @Priority(1000) StartupEvent event) {
        if (roles.gateway()) {
            each(RENEWAL, "renewing this gateway's row", () -> gateways.renew(self));
            each(PARTITIONS, "making and dropping partitions", () -> upkeep.partitions(KEEP_HISTORY));
            each(AUDIT, "auditing counters", new CounterAudit(upkeep, registry));
        }
    }

    void stop(@Observes @Priority(200) ShutdownEvent event) {
        if (roles.gateway()) {
            clock.shutdownNow();
            quietly("leaving", () -> gateways.leave(self));
        }
    }

    private void each(Duration interval, String what, Runnable task) {
        clock.scheduleWithFixedDelay(() -> quietly(what, task), 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** An exception that left a scheduled task would end its schedule for good. */
    private static void quietly(String what, Runnable task) {
        try {
            task.run();
        } catch (StoreException away) {
            LOG.atDebug().setCause(away).log("not done, the store is away: {}", what);
        } catch (RuntimeException broken) {
            LOG.atError().setCause(broken).log("failed: {}", what);
        }
    }
}
