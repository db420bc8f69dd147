package dev.hearth.operator.pool;

import dev.hearth.operator.pool.PoolMemory.OfPool;
import dev.hearth.pool.Browser;
import dev.hearth.pool.BrowserState;
import dev.hearth.pool.BrowserView;
import dev.hearth.pool.Demand;
import dev.hearth.pool.PodSighting;
import dev.hearth.pool.PoolPlan;
import dev.hearth.pool.PoolPlanner;
import dev.hearth.pool.PoolSnapshot;
import dev.hearth.pool.PoolTarget;
import dev.hearth.pool.Scaling;
import dev.hearth.pool.SupplyStore;
import dev.hearth.pool.SupplyStore.Slot;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Observe, decide, act, until nothing changes in the database any more: the last plan is what there is to report. */
final class PoolSteps {
    /** A change that calls for another is followed up at once; a third time the next event is soon enough. */
    private static final int ROUNDS = 3;

    private final SupplyStore store;
    private final PoolPlanner planner;
    private final PlanExecutor executor;
    private final InstantSource clock;

    PoolSteps(SupplyStore store, PoolPlanner planner, PlanExecutor executor, InstantSource clock) {
        this.store = store;
        this.planner = planner;
        this.executor = executor;
        this.clock = clock;
    }

    /** One pool: what it should be, and where its browsers are made. @param scaling null: the target's replicas hold */
    record Scope(PoolTarget target, @Nullable Scaling scaling, Slot slot, Pods pods) {}

    /** @param target with the replicas of this look */
    record Look(PoolTarget target, PoolPlan plan) {}

    /** @param seen pods by name, as the cache has them */
    Look run(Scope scope, Map<String, PodSighting> seen, OfPool memory) {
        for (var round = 0; round < ROUNDS; round++) {
            var look = look(scope, seen, memory);
            var done = executor.execute(look.plan(), scope.slot(), scope.pods(), memory.backoff());
            memory.remember(done.backoff());
            if (!done.rowsChanged()) {
                return look;
            }
        }
        return look(scope, seen, memory);
    }

    private Look look(Scope scope, Map<String, PodSighting> seen, OfPool memory) {
        var now = clock.instant();
        var rows = store.browsers(scope.target().pool());
        var views = rows.stream()
                .map(row -> {
                    var pod = seen.get(row.podName());
                    if (pod == null) {
                        return new BrowserView(row, null, memory.missing(row.id(), now), memory.wasSeen(row.id()));
                    }
                    memory.seen(row.id());
                    return new BrowserView(row, pod, null, true);
                })
                .toList();
        memory.keepOnly(rows.stream().map(row -> row.id()).collect(Collectors.toSet()));
        var scaling = scope.scaling();
        if (scaling == null) {
            memory.remember(Demand.UNKNOWN);
            return new Look(scope.target(), plan(scope.target(), views, memory, now));
        }
        var claimed = count(rows, BrowserState.CLAIMED);
        var unclaimed = count(rows, BrowserState.STARTING)
                + count(rows, BrowserState.WARM)
                + count(rows, BrowserState.RESETTING);
        var demand = memory.demand().next(scaling, claimed, unclaimed, now);
        memory.remember(demand);
        var target = scope.target().withReplicas(demand.replicas(scaling));
        return new Look(target, plan(target, views, memory, now).lookingBy(demand.falls(scaling)));
    }

    private PoolPlan plan(PoolTarget target, List<BrowserView> views, OfPool memory, Instant now) {
        return planner.plan(new PoolSnapshot(target, views, memory.backoff(), now));
    }

    private static int count(List<Browser> rows, BrowserState state) {
        return (int) rows.stream().filter(row -> row.state() == state).count();
    }
}
