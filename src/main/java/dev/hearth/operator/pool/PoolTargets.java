package dev.hearth.operator.pool;

import dev.hearth.api.v1alpha1.BrowserPool;
import dev.hearth.api.v1alpha1.ConnectionMode;
import dev.hearth.api.v1alpha1.DeletionPolicy;
import dev.hearth.api.v1alpha1.Egress;
import dev.hearth.api.v1alpha1.SessionDefaults;
import dev.hearth.api.v1alpha1.Traffic;
import dev.hearth.api.v1alpha1.TrafficUnit;
import dev.hearth.claim.Connections;
import dev.hearth.claim.Directory;
import dev.hearth.claim.SessionTerms;
import dev.hearth.operator.DurationText;
import dev.hearth.pool.PoolTarget;
import dev.hearth.pool.Scaling;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** BrowserPool objects in the words of the core. */
public final class PoolTargets {
    /** Where neither pool nor project says. */
    private static final Duration STANDARD_TIMEOUT = Duration.ofMinutes(5);

    private PoolTargets() {}

    public static UUID id(BrowserPool pool) {
        return UUID.fromString(pool.getMetadata().getUid());
    }

    static PoolTarget target(BrowserPool pool, String revision) {
        var spec = pool.getSpec();
        var strategy = spec.updateStrategy();
        return new PoolTarget(
                id(pool),
                spec.replicas(),
                spec.limits().maxBrowsers(),
                spec.paused() && pool.getMetadata().getDeletionTimestamp() == null,
                revision,
                spec.maxAge() == null ? null : DurationText.parse(spec.maxAge()),
                DurationText.parse(spec.reset().timeout()),
                switch (strategy.type()) {
                    case ROLLING_UPDATE -> new PoolTarget.Rollout.Rolling(strategy.maxSurge());
                    case ON_REPLENISH -> new PoolTarget.Rollout.OnReplenish();
                },
                ending(pool));
    }

    /** Null: as many as {@code replicas} says. */
    static @Nullable Scaling scaling(BrowserPool pool) {
        var autoscaling = pool.getSpec().autoscaling();
        return autoscaling == null
                ? null
                : new Scaling(
                        autoscaling.minReplicas(),
                        autoscaling.maxReplicas(),
                        autoscaling.sparePercent(),
                        DurationText.parse(autoscaling.scaleDownAfter()));
    }

    private static PoolTarget.Ending ending(BrowserPool pool) {
        if (pool.getMetadata().getDeletionTimestamp() == null) {
            return PoolTarget.Ending.STAYS;
        }
        return pool.getSpec().deletionPolicy() == DeletionPolicy.TERMINATE
                ? PoolTarget.Ending.TERMINATES
                : PoolTarget.Ending.DRAINS;
    }

    static Directory.Pool listing(BrowserPool pool) {
        var spec = pool.getSpec();
        return new Directory.Pool(
                id(pool),
                pool.getMetadata().getNamespace(),
                pool.getMetadata().getName(),
                spec.region(),
                spec.allowedProjects(),
                spec.fallbackRegions(),
                terms(spec.sessionDefaults()),
                spec.sessionDefaults().timeout() == null,
                spec.limits().maxSessions(),
                spec.egress() == Egress.GUARDED,
                share(spec.traffic()));
    }

    private static Directory.@Nullable Share share(@Nullable Traffic traffic) {
        return traffic == null ? null : new Directory.Share(traffic.weight(), traffic.sticky() == TrafficUnit.CLAIM);
    }

    private static SessionTerms terms(SessionDefaults defaults) {
        return new SessionTerms(
                defaults.timeout() == null ? STANDARD_TIMEOUT : DurationText.parse(defaults.timeout()),
                defaults.idleTimeout() == null ? null : DurationText.parse(defaults.idleTimeout()),
                DurationText.parse(defaults.connectTimeout()),
                DurationText.parse(defaults.reconnectWindow()),
                defaults.keepAlive(),
                connections(defaults.connections()));
    }

    public static Connections connections(ConnectionMode mode) {
        return switch (mode) {
            case EXCLUSIVE -> Connections.EXCLUSIVE;
            case SHARED -> Connections.SHARED;
        };
    }
}
