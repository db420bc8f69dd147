package dev.hearth.operator.pool;

import dev.hearth.api.v1alpha1.BrowserPool;
import dev.hearth.api.v1alpha1.BrowserPoolStatus;
import dev.hearth.operator.Conditions;
import dev.hearth.operator.Labels;
import dev.hearth.pool.PoolCondition;
import dev.hearth.pool.PoolExplainer;
import dev.hearth.pool.PoolPlan;
import dev.hearth.pool.PoolTarget;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.List;

/** A plan in the words of a pool's status. */
final class PoolReport {
    private PoolReport() {}

    static BrowserPoolStatus status(BrowserPool pool, PoolTarget target, PoolPlan plan, Instant now) {
        var counts = plan.counts();
        return new BrowserPoolStatus(
                pool.getMetadata().getGeneration(),
                target.replicas(),
                counts.unclaimed(),
                selector(pool),
                counts.warm(),
                counts.starting(),
                counts.claimed(),
                counts.retiring(),
                counts.updated(),
                counts.failed(),
                target.revision(),
                conditions(pool, PoolExplainer.explain(target, plan), now));
    }

    /** The database is away: what was said of the browsers is kept, for nothing newer is known. */
    static BrowserPoolStatus broken(BrowserPool pool, PoolCondition degraded, Instant now) {
        var before = pool.getStatus();
        var kept = before == null || before.conditions() == null
                ? List.<io.fabric8.kubernetes.api.model.Condition>of()
                : before.conditions().stream()
                        .filter(condition -> !condition.getType().equals(degraded.type()))
                        .toList();
        var conditions = new java.util.ArrayList<>(kept);
        conditions.addAll(conditions(pool, List.of(degraded), now));
        return before == null
                ? new BrowserPoolStatus(
                        null, null, null, selector(pool), null, null, null, null, null, null, null, conditions)
                : new BrowserPoolStatus(
                        before.observedGeneration(),
                        before.desired(),
                        before.replicas(),
                        selector(pool),
                        before.warm(),
                        before.starting(),
                        before.claimed(),
                        before.retiring(),
                        before.updated(),
                        before.failed(),
                        before.revision(),
                        conditions);
    }

    /** An object with nothing but its name and status: what is not in it, the patch leaves alone. */
    static BrowserPool carrying(BrowserPool pool, BrowserPoolStatus status) {
        var fresh = new BrowserPool();
        fresh.setMetadata(new ObjectMetaBuilder()
                .withName(pool.getMetadata().getName())
                .withNamespace(pool.getMetadata().getNamespace())
                .build());
        fresh.setStatus(status);
        return fresh;
    }

    private static String selector(BrowserPool pool) {
        // "notin", not "!=": kubectl scale cannot read the latter in a custom resource's selector.
        return Labels.POOL + "=" + pool.getMetadata().getName() + "," + Labels.STATE + " notin (claimed)";
    }

    private static List<io.fabric8.kubernetes.api.model.Condition> conditions(
            BrowserPool pool, List<PoolCondition> explained, Instant now) {
        var before = pool.getStatus() == null ? null : pool.getStatus().conditions();
        var conditions = new Conditions(before, pool.getMetadata().getGeneration(), now);
        return explained.stream()
                .map(one -> conditions.of(one.type(), one.holds(), one.reason(), one.message()))
                .toList();
    }
}
