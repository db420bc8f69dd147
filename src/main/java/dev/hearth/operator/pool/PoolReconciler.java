package dev.hearth.operator.pool;

import dev.hearth.api.v1alpha1.BrowserPool;
import dev.hearth.api.v1alpha1.BrowserPoolStatus;
import dev.hearth.claim.StoreException;
import dev.hearth.operator.Labels;
import dev.hearth.pool.PodSighting;
import dev.hearth.pool.PoolCondition;
import dev.hearth.pool.PoolPlan;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every pool at its target. The informer's comparison of resource versions stays off: with it this version of the SDK
 * drops a user's edit that arrives while a status is being written.
 */
@ControllerConfiguration(
        name = "browserpool",
        finalizerName = "hearth.dev/pool",
        informer = @Informer(comparableResourceVersions = false))
public final class PoolReconciler implements Reconciler<BrowserPool>, Cleaner<BrowserPool> {
    private static final Logger LOG = LoggerFactory.getLogger(PoolReconciler.class);
    /** A drain that no event moves is looked at this often: its sessions end in the database. */
    private static final Duration WHILE_DRAINING = Duration.ofSeconds(2);

    private final PoolDesk desk;
    private final PodSightings sightings;
    private final PoolPokes pokes;

    PoolReconciler(PoolDesk desk, PodSightings sightings, PoolPokes pokes) {
        this.desk = desk;
        this.sightings = sightings;
        this.pokes = pokes;
    }

    @Override
    public List<EventSource<?, BrowserPool>> prepareEventSources(EventSourceContext<BrowserPool> context) {
        var pods = InformerEventSourceConfiguration.from(Pod.class, BrowserPool.class)
                .withName("browser-pods")
                .withLabelSelector(Labels.BROWSER_PODS)
                .withSecondaryToPrimaryMapper(PoolReconciler::poolOf)
                .withComparableResourceVersion(false)
                .build();
        return List.of(new InformerEventSource<>(pods, context), pokes.source());
    }

    private static Set<ResourceID> poolOf(Pod pod) {
        var name = pod.getMetadata().getLabels().get(Labels.POOL);
        return name == null
                ? Set.of()
                : Set.of(new ResourceID(name, pod.getMetadata().getNamespace()));
    }

    @Override
    public UpdateControl<BrowserPool> reconcile(BrowserPool pool, Context<BrowserPool> context) {
        var kept = desk.keep(pool, seen(pool, context));
        return patch(pool, kept.status(), next(kept.plan(), kept.now()));
    }

    @Override
    public DeleteControl cleanup(BrowserPool pool, Context<BrowserPool> context) {
        try {
            var kept = desk.drain(pool, seen(pool, context));
            if (kept.plan().counts().all() == 0) {
                desk.close(pool);
                return DeleteControl.defaultDelete();
            }
            if (!kept.status().equals(pool.getStatus())) {
                desk.write(pool, kept.status());
            }
            return DeleteControl.noFinalizerRemoval().rescheduleAfter(WHILE_DRAINING.toMillis());
        } catch (StoreException away) {
            if (desk.mayStillWait(pool)) {
                throw away;
            }
            LOG.atWarn().addKeyValue("pool", pool.getMetadata().getName()).log("pool deleted without the database");
            desk.deferRelease(pool);
            return DeleteControl.defaultDelete();
        }
    }

    @Override
    public ErrorStatusUpdateControl<BrowserPool> updateErrorStatus(
            BrowserPool pool, Context<BrowserPool> context, Exception failure) {
        var reason = failure instanceof StoreException ? "DatabaseUnavailable" : "ReconcileFailed";
        var message = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        var status = desk.broken(pool, new PoolCondition("Degraded", true, reason, message));
        return status.equals(pool.getStatus())
                ? ErrorStatusUpdateControl.noStatusUpdate()
                : ErrorStatusUpdateControl.patchStatus(PoolReport.carrying(pool, status));
    }

    /** By name, this pool's only: a pool that was deleted and made again shares its name with the old one's pods. */
    private Map<String, PodSighting> seen(BrowserPool pool, Context<BrowserPool> context) {
        var uid = pool.getMetadata().getUid();
        var seen = new HashMap<String, PodSighting>();
        context.getSecondaryResourcesAsStream(Pod.class)
                .filter(pod -> uid.equals(pod.getMetadata().getLabels().get(Labels.POOL_UID)))
                .forEach(pod -> seen.put(pod.getMetadata().getName(), sightings.of(pod)));
        return seen;
    }

    private static UpdateControl<BrowserPool> patch(
            BrowserPool pool, BrowserPoolStatus status, @Nullable Duration next) {
        UpdateControl<BrowserPool> control = status.equals(pool.getStatus())
                ? UpdateControl.noUpdate()
                : UpdateControl.patchStatus(PoolReport.carrying(pool, status));
        return next == null ? control : control.rescheduleAfter(next.toMillis());
    }

    private static @Nullable Duration next(PoolPlan plan, Instant now) {
        var look = plan.nextLook();
        // A moment later than due, so that what is due has become so.
        return look == null ? null : Duration.between(now, look).plusMillis(20);
    }
}
