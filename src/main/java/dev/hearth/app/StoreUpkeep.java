package dev.hearth.app;

import dev.hearth.claim.StoreException;
import dev.hearth.gateway.RolesConfig;
import dev.hearth.store.GatewayRegistry.Gateway;
import dev.hearth.store.ReservationAudit;
import dev.hearth.store.Stores;
import dev.hearth.store.Stores.ShardUpkeep;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each database needs by the clock from every gateway: its row renewed, partitions made ahead, counters audited, old
 * transactions told.
 */
@Singleton
final class StoreUpkeep {
    /** Others take a gateway for dead after 3 s: three renewals may fail before. */
    private static final Duration RENEWAL = Duration.ofSeconds(1);
    /** Partitions are made days ahead; an hour is soon enough to make the next. */
    private static final Duration PARTITIONS = Duration.ofHours(1);

    /** A transaction that is open for a minute costs most claims. */
    private static final Duration SNAPSHOTS = Duration.ofSeconds(5);
    /** After about 30 s half of all claims are lost: whoever mends it needs the rest. */
    private static final Duration OLD_SNAPSHOT = Duration.ofSeconds(15);

    private static final Duration AUDIT = Duration.ofMinutes(5);
    /** Longer: a place that a gateway took and died with is missed for longer. */
    private static final Duration RESERVATIONS = Duration.ofMinutes(1);

    private static final Duration KEEP_HISTORY = Duration.ofDays(30);
    private static final Logger LOG = LoggerFactory.getLogger(StoreUpkeep.class);

    private static final int TASKS_OF_A_SHARD = 4;

    private final RolesConfig roles;
    private final List<ShardUpkeep> shards;
    private final ReservationAudit reservations;
    private final MeterRegistry registry;
    private final Gateway self;
    private final ScheduledExecutorService clock;

    StoreUpkeep(RolesConfig roles, Stores stores, Gateway self, MeterRegistry registry) {
        this.registry = registry;
        this.roles = roles;
        this.self = self;
        this.shards = stores.upkeep();
        this.reservations = stores.reservationAudit();
        // A thread for each task: waiting for a shard that fell silent must not make this gateway dead to the others.
        this.clock = Executors.newScheduledThreadPool(
                TASKS_OF_A_SHARD * shards.size() + 1,
                Thread.ofPlatform().daemon().name("store-upkeep-", 0).factory());
    }

    void start(@Observes @Priority(1000) StartupEvent event) {
        if (roles.gateway()) {
            for (var shard : shards) {
                each(
                        RENEWAL,
                        "renewing this gateway's row",
                        () -> shard.gateways().renew(self));
                each(
                        PARTITIONS,
                        "making and dropping partitions",
                        () -> shard.upkeep().partitions(KEEP_HISTORY));
                each(AUDIT, "auditing counters", new CounterAudit(shard.upkeep(), registry));
                each(
                        SNAPSHOTS,
                        "looking for old transactions",
                        new SnapshotWatch(shard.name(), shard.upkeep(), OLD_SNAPSHOT, registry));
            }
            each(RESERVATIONS, "auditing reservations", reservations::run);
        }
    }

    void stop(@Observes @Priority(200) ShutdownEvent event) {
        if (roles.gateway()) {
            clock.shutdownNow();
            shards.forEach(shard -> quietly("leaving", () -> shard.gateways().leave(self)));
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
