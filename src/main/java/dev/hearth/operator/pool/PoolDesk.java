package dev.hearth.operator.pool;

import dev.hearth.api.v1alpha1.BrowserPool;
import dev.hearth.api.v1alpha1.BrowserPoolStatus;
import dev.hearth.api.v1alpha1.Reuse;
import dev.hearth.claim.Directory;
import dev.hearth.operator.Events;
import dev.hearth.operator.Leadership;
import dev.hearth.operator.OperatorSettings;
import dev.hearth.pool.PodSighting;
import dev.hearth.pool.PoolCondition;
import dev.hearth.pool.PoolPlan;
import dev.hearth.pool.PoolPlanner;
import dev.hearth.pool.PoolTarget;
import dev.hearth.pool.SupplyStore;
import dev.hearth.pool.SupplyStore.Slot;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;

/** All that is done for one pool in one look, free of the SDK: keep it, drain it, close it. */
final class PoolDesk {
    private static final PatchContext STATUS = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("browserpool")
            .withForce(true)
            .build();

    private final KubernetesClient client;
    private final Stores stores;
    private final OperatorSettings settings;
    private final PoolMemory memory;
    private final Telling telling;
    private final PoolSteps steps;
    private final ClaimedProtection protection;

    PoolDesk(KubernetesClient client, Stores stores, OperatorSettings settings, PoolMemory memory, Telling telling) {
        this.client = client;
        this.stores = stores;
        this.settings = settings;
        this.memory = memory;
        this.telling = telling;
        this.protection = new ClaimedProtection(client);
        this.steps = new PoolSteps(
                stores.supply(),
                new PoolPlanner(settings.timings()),
                new PlanExecutor(stores.supply(), stores.leadership(), telling.clock()),
                telling.clock());
    }

    /** Where the truth is, and the right to change it. */
    record Stores(SupplyStore supply, Directory directory, Leadership leadership) {}

    /** To whom it is told, and when. */
    record Telling(Events events, PoolMetrics metrics, Clock clock) {}

    record Kept(BrowserPoolStatus status, PoolPlan plan, Instant now) {}

    Kept keep(BrowserPool pool, Map<String, PodSighting> seen) {
        var known = memory.of(PoolTargets.id(pool), ResourceID.fromResource(pool));
        protection.ensure(pool.getMetadata().getNamespace());
        var listing = PoolTargets.listing(pool);
        if (known.lists(listing)) {
            stores.directory().putPool(listing);
            known.listed(listing);
        }
        return look(pool, seen, known);
    }

    /** No new claim first, then the browsers; claimed ones as the pool's deletion policy says. */
    Kept drain(BrowserPool pool, Map<String, PodSighting> seen) {
        stores.directory().removePool(PoolTargets.id(pool));
        return look(pool, seen, memory.of(PoolTargets.id(pool), ResourceID.fromResource(pool)));
    }

    private Kept look(BrowserPool pool, Map<String, PodSighting> seen, PoolMemory.OfPool known) {
        var shape = new BrowserPod(pool, settings.agent());
        var revision = Revisions.of(shape.blueprint());
        var target = PoolTargets.target(pool, revision);
        if (known.turnsTo(revision)) {
            stores.supply()
                    .markCurrent(target.pool(), revision, stores.leadership().epoch());
            known.turnedTo(revision);
        }
        var pods =
                new KubernetesPods(client, pool.getMetadata().getNamespace(), browser -> shape.of(browser, revision));
        var look = steps.run(
                new PoolSteps.Scope(target, PoolTargets.scaling(pool), slot(pool, revision), pods), seen, known);
        tell(pool, look.target(), look.plan());
        var now = telling.clock().instant();
        return new Kept(PoolReport.status(pool, look.target(), look.plan(), now), look.plan(), now);
    }

    private void tell(BrowserPool pool, PoolTarget target, PoolPlan plan) {
        telling.metrics().record(pool, plan.counts());
        var trouble = plan.trouble();
        if (trouble != null && target.ending() == PoolTarget.Ending.STAYS) {
            telling.events().tell(pool, Events.Level.WARNING, trouble.kind().word(), trouble.message());
        }
    }

    private static Slot slot(BrowserPool pool, String revision) {
        var meta = pool.getMetadata();
        return new Slot(
                PoolTargets.id(pool),
                meta.getNamespace(),
                meta.getName(),
                pool.getSpec().region(),
                revision,
                pool.getSpec().reuse() == Reuse.RESET ? pool.getSpec().reset().maxUses() : 1);
    }

    /** Nothing of the pool is left. */
    void close(BrowserPool pool) {
        memory.forget(PoolTargets.id(pool));
        telling.metrics().forget(pool);
        var namespace = pool.getMetadata().getNamespace();
        var others = client.resources(BrowserPool.class).inNamespace(namespace).list().getItems().stream()
                .anyMatch(other ->
                        !other.getMetadata().getUid().equals(pool.getMetadata().getUid()));
        if (!others) {
            protection.drop(namespace);
        }
    }

    void write(BrowserPool pool, BrowserPoolStatus status) {
        client.resource(PoolReport.carrying(pool, status)).subresource("status").patch(STATUS);
    }

    BrowserPoolStatus broken(BrowserPool pool, PoolCondition degraded) {
        return PoolReport.broken(pool, degraded, telling.clock().instant());
    }

    boolean mayStillWait(BrowserPool pool) {
        var since = Instant.parse(pool.getMetadata().getDeletionTimestamp());
        return since.plus(settings.releaseDeadline()).isAfter(telling.clock().instant());
    }

    /** The database was away for too long to hold a namespace's deletion: the sweep clears up once it is back. */
    void deferRelease(BrowserPool pool) {
        memory.forget(PoolTargets.id(pool));
        telling.events()
                .tell(
                        pool,
                        Events.Level.WARNING,
                        "ReleaseDeferred",
                        "the database is away; the pool's browsers are cleared away once it is back");
    }
}
