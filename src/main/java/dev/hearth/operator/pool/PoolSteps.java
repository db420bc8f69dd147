package dev.hearth.operator.pool;

import dev.hearth.operator.pool.PoolMemory.OfPool;
import dev.hearth.pool.BrowserView;
import dev.hearth.pool.PodSighting;
import dev.hearth.pool.PoolPlan;
import dev.hearth.pool.PoolPlanner;
import dev.hearth.pool.PoolSnapshot;
import dev.hearth.pool.PoolTarget;
import dev.hearth.pool.SupplyStore;
import dev.hearth.pool.SupplyStore.Slot;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Collectors;

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

    /** One pool: what it should be, and where its browsers are made. */
    record Scope(PoolTarget target, Slot slot, Pods pods) {}

    /** @param seen pods by name, as the cache has them */
    PoolPlan run(Scope scope, Map<String, PodSighting> seen, OfPool memory) {
        for (var round = 0; round < ROUNDS; round++) {
            var plan = plan(scope.target(), seen, memory);
            var done = executor.execute(plan, scope.slot(), scope.pods(), memory.backoff());
            memory.remember(done.backoff());
            if (!done.rowsChanged()) {
                return plan;
            }
        }
        return plan(scope.target(), seen, memory);
    }

    private PoolPlan plan(PoolTarget target, Map<String, PodSighting> seen, OfPool memory) {
        var now = clock.instant();
        var rows = store.browsers(target.pool());
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
        return planner.plan(new PoolSnapshot(target, views, memory.backoff(), now));
    }
}
