package dev.hearth.operator.pool;

import dev.hearth.claim.EndReason;
import dev.hearth.operator.Leadership;
import dev.hearth.pool.Backoff;
import dev.hearth.pool.Browser;
import dev.hearth.pool.BrowserState;
import dev.hearth.pool.BrowserView;
import dev.hearth.pool.PoolPlan;
import dev.hearth.pool.PoolPlanner;
import dev.hearth.pool.PoolSnapshot;
import dev.hearth.pool.PoolTarget;
import dev.hearth.pool.PoolTimings;
import dev.hearth.pool.SupplyStore.Slot;
import dev.hearth.testing.FakeSupplyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One pool's random life: scaling, new shapes, old age, claims, crashes, lost pods, an API server that refuses and loses answers, a
 * cache that lags, a leader that is replaced between its plan and its acts. Rules are checked at every step.
 */
final class Simulation {
    private static final UUID POOL = new UUID(1, 1);
    private static final PoolTimings TIMINGS =
            new PoolTimings(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofSeconds(30), 4);

    private final Random random;
    private final Store store;
    private final SimulatedPods pods;
    private final PoolPlanner planner = new PoolPlanner(TIMINGS);
    private final Function<PoolSnapshot, PoolSnapshot> mutation;
    private final Map<UUID, Instant> missing = new HashMap<>();
    private final java.util.Set<UUID> seen = new HashSet<>();
    private Instant now = Instant.EPOCH.plusSeconds(1_000_000);
    private Leadership leadership;
    private Backoff backoff = Backoff.NONE;
    private int replicas = 3;
    private @Nullable Integer maxBrowsers = 8;
    private int revision;
    private boolean paused;
    private @Nullable Duration maxAge;
    private PoolTarget.Rollout rollout = new PoolTarget.Rollout.Rolling(1);

    /** @param mutation falsifies what the planner sees @param blindRetire the store says yes whatever happened */
    Simulation(long seed, Function<PoolSnapshot, PoolSnapshot> mutation, boolean blindRetire) {
        this.random = new Random(seed);
        this.mutation = mutation;
        this.store = new Store(blindRetire);
        this.pods = new SimulatedPods(store, () -> now, random);
        this.leadership = new Leadership(store, "first");
        leadership.begin();
    }

    /** Checks what the operator may do to a living claimed browser: nothing. */
    private final class Store extends FakeSupplyStore {
        private final boolean blindRetire;

        Store(boolean blindRetire) {
            super(() -> now);
            this.blindRetire = blindRetire;
        }

        @Override
        public synchronized boolean retire(UUID browser, long leaderEpoch) {
            return super.retire(browser, leaderEpoch) || blindRetire;
        }

        @Override
        public synchronized void gone(UUID browser, EndReason reason, long leaderEpoch) {
            var before = row(browser);
            super.gone(browser, reason, leaderEpoch);
            if (before != null && row(browser) == null && before.state() == BrowserState.CLAIMED) {
                if (pods.livesStill(before)) {
                    throw new SimulatedPods.Broken("ends the session of a living browser");
                }
            }
        }
    }

    void run(int steps) {
        for (var i = 0; i < steps; i++) {
            step();
        }
        settle();
    }

    private void step() {
        switch (random.nextInt(15)) {
            case 0 -> scale();
            case 1 -> revision++;
            case 2 -> store.claim(POOL);
            case 3 -> any(BrowserState.CLAIMED, row -> store.release(row.id()));
            case 4 -> any(BrowserState.WARM, row -> store.unhealthy(row.id()));
            case 5 -> pods.crashOne();
            case 6 -> pods.vanishOne();
            case 7, 8 -> pods.progress();
            case 9 -> pods.sync();
            case 10 -> now = now.plusMillis(random.nextInt(40_000));
            case 11 -> paused = random.nextInt(4) == 0;
            case 12 ->
                rollout = random.nextBoolean()
                        ? new PoolTarget.Rollout.Rolling(1 + random.nextInt(3))
                        : new PoolTarget.Rollout.OnReplenish();
            case 13 -> maxAge = random.nextBoolean() ? null : Duration.ofSeconds(1 + random.nextInt(40));
            default -> {}
        }
        reconcile();
    }

    private void scale() {
        replicas = random.nextInt(7);
        maxBrowsers = random.nextInt(4) == 0 ? null : Math.max(1, replicas) + random.nextInt(4);
    }

    private void reconcile() {
        var before = ids();
        var plan = plan();
        // Between seeing and acting the world goes on: a claim, or another leader.
        if (random.nextInt(4) == 0) {
            store.claim(POOL);
        }
        var acting = leadership;
        if (!pods.calm && random.nextInt(12) == 0) {
            acting.epoch();
            leadership = new Leadership(store, "next");
            leadership.begin();
            leadership.epoch();
            backoff = Backoff.NONE;
        }
        var slot = new Slot(POOL, "default", "pool", "here", "r" + revision);
        backoff = new PlanExecutor(store, acting, () -> now)
                .execute(plan, slot, pods, backoff)
                .backoff();
        check(before);
    }

    private PoolPlan plan() {
        var views = store.browsers(POOL).stream()
                .map(row -> {
                    var pod = pods.cached(row.podName());
                    var since = pod == null ? missing.computeIfAbsent(row.id(), _ -> now) : null;
                    if (pod != null) {
                        seen.add(row.id());
                    }
                    return new BrowserView(row, pod, since, seen.contains(row.id()));
                })
                .toList();
        views.stream()
                .filter(view -> view.pod() != null)
                .forEach(view -> missing.remove(view.row().id()));
        return planner.plan(mutation.apply(new PoolSnapshot(target(), views, backoff, now)));
    }

    private PoolTarget target() {
        return new PoolTarget(
                POOL,
                replicas,
                maxBrowsers,
                paused,
                "r" + revision,
                maxAge,
                Duration.ofSeconds(15),
                rollout,
                PoolTarget.Ending.STAYS);
    }

    private void check(HashSet<UUID> before) {
        var rows = store.browsers(POOL);
        var added = rows.stream().filter(row -> !before.contains(row.id())).count();
        if (added > 0 && maxBrowsers != null && rows.size() > maxBrowsers) {
            throw new SimulatedPods.Broken(rows.size() + " browsers above the limit " + maxBrowsers);
        }
        var unclaimed = rows.stream()
                .filter(row -> row.state() == BrowserState.STARTING || row.state() == BrowserState.WARM)
                .count();
        var outdated = rows.stream().anyMatch(Browser::outdated);
        var surge = rollout instanceof PoolTarget.Rollout.Rolling rolling ? rolling.surge() : outdated ? 1 : 0;
        if (added > 0 && unclaimed > replicas + surge + lost(rows)) {
            throw new SimulatedPods.Broken(unclaimed + " unclaimed browsers for " + replicas + " replicas");
        }
        var names = new HashSet<String>();
        rows.forEach(row -> names.add(row.podName()));
        pods.truth().forEach((name, pod) -> {
            if (!pod.deleting() && !names.contains(name) && pod.phase() != dev.hearth.pool.PodSighting.Phase.FINISHED) {
                throw new SimulatedPods.Broken("a pod without a row: " + name);
            }
        });
    }

    /** Rows whose browser is no supply any more, though no step has said so yet. */
    private long lost(Iterable<Browser> rows) {
        var lost = 0;
        for (var row : rows) {
            var pod = pods.truth().get(row.podName());
            var cached = pods.cached(row.podName());
            var unseen = cached == null && row.state() == BrowserState.WARM;
            var broken = pod == null || pod.phase() == dev.hearth.pool.PodSighting.Phase.FINISHED || pod.deleting();
            if (row.state() == BrowserState.STARTING || row.state() == BrowserState.WARM) {
                lost += unseen || broken || !row.healthy() ? 1 : 0;
            }
        }
        return lost;
    }

    /** The storm is over: the pool must come to what was asked, and stay there. */
    private void settle() {
        pods.calm = true;
        paused = false;
        maxAge = maxAge == null ? null : Duration.ofDays(1);
        for (var i = 0; i < 60; i++) {
            now = now.plusSeconds(35);
            pods.progress();
            pods.sync();
            var before = ids();
            var plan = plan();
            backoff = new PlanExecutor(store, leadership, () -> now)
                    .execute(plan, new Slot(POOL, "default", "pool", "here", "r" + revision), pods, backoff)
                    .backoff();
            check(before);
        }
        pods.progress();
        pods.sweepFinishedOrphans();
        var rows = store.browsers(POOL);
        var claimed =
                rows.stream().filter(row -> row.state() == BrowserState.CLAIMED).count();
        var warm = rows.stream().filter(row -> row.state() == BrowserState.WARM).count();
        var wanted = maxBrowsers == null ? replicas : Math.min(replicas, Math.max(0, maxBrowsers - claimed));
        if (warm != wanted || rows.size() != claimed + warm || pods.truth().size() != rows.size()) {
            throw new SimulatedPods.Broken("settles at " + warm + " warm of " + wanted + ", " + rows.size() + " rows, "
                    + pods.truth().size() + " pods, " + claimed + " claimed");
        }
        if (rows.stream().anyMatch(row -> row.state() == BrowserState.WARM && row.outdated())) {
            throw new SimulatedPods.Broken("leaves browsers that are too old");
        }
        if (rollout instanceof PoolTarget.Rollout.Rolling
                && rows.stream()
                        .anyMatch(row -> row.state() == BrowserState.WARM
                                && !row.revision().equals("r" + revision))) {
            throw new SimulatedPods.Broken("leaves browsers of an old revision");
        }
    }

    private HashSet<UUID> ids() {
        var ids = new HashSet<UUID>();
        store.browsers(POOL).forEach(row -> ids.add(row.id()));
        return ids;
    }

    private void any(BrowserState state, java.util.function.Consumer<Browser> what) {
        store.browsers(POOL).stream()
                .filter(row -> row.state() == state)
                .findAny()
                .ifPresent(what);
    }
}
