package dev.hearth.operator.pool;

import dev.hearth.claim.EndReason;
import dev.hearth.pool.Browser;
import dev.hearth.pool.BrowserState;
import dev.hearth.pool.PodSighting;
import dev.hearth.pool.SupplyStore.NewBrowser;
import dev.hearth.pool.Trouble;
import dev.hearth.testing.FakeSupplyStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Pods as they are, a cache that lags behind them, and an API server that sometimes refuses or loses an answer. */
final class SimulatedPods implements Pods {
    private final Map<String, PodSighting> truth = new LinkedHashMap<>();
    private final Map<String, PodSighting> cache = new LinkedHashMap<>();
    private final FakeSupplyStore store;
    private final InstantSource clock;
    private final RandomGenerator random;
    private int uids;
    boolean calm;

    SimulatedPods(FakeSupplyStore store, InstantSource clock, RandomGenerator random) {
        this.store = store;
        this.clock = clock;
        this.random = random;
    }

    /** A broken rule, found while it was being broken. */
    static final class Broken extends AssertionError {
        private static final long serialVersionUID = 1L;

        Broken(String what) {
            super(what);
        }
    }

    @Override
    public List<Creation> create(List<NewBrowser> browsers) {
        return browsers.stream().map(this::create).toList();
    }

    private Creation create(NewBrowser browser) {
        var luck = calm ? 0 : random.nextInt(10);
        if (luck == 9) {
            return new Creation.Denied(new Trouble(Trouble.Kind.QUOTA_EXCEEDED, "exceeded quota"));
        }
        if (luck != 8) {
            truth.put(browser.podName(), pod("uid-" + ++uids, PodSighting.Phase.PENDING, false, false));
        }
        return luck >= 7
                ? new Creation.Unknown(new Trouble(Trouble.Kind.API_UNAVAILABLE, "timeout"))
                : new Creation.Created();
    }

    @Override
    public boolean isGone(Browser browser) {
        var pod = truth.get(browser.podName());
        return pod == null || (browser.podUid() != null && !browser.podUid().equals(pod.uid()));
    }

    @Override
    public void delete(Browser browser, String podUid) {
        var pod = truth.get(browser.podName());
        if (pod == null || !pod.uid().equals(podUid)) {
            return;
        }
        var row = store.row(browser.id());
        if (row != null && row.state() != BrowserState.RETIRING && row.state() != BrowserState.FAILED) {
            throw new Broken("deletes the pod of a browser that is " + row.state());
        }
        if (calm || random.nextInt(10) < 8) {
            truth.put(browser.podName(), pod(pod.uid(), pod.phase(), false, true));
        }
    }

    @Override
    public void label(Browser browser, String podUid, BrowserState state) {
        truth.computeIfPresent(
                browser.podName(),
                (_, pod) -> new PodSighting(
                        pod.uid(),
                        pod.phase(),
                        pod.ready(),
                        null,
                        pod.deleting(),
                        true,
                        pod.createdAt(),
                        null,
                        pod.end(),
                        pod.address(),
                        "",
                        dev.hearth.operator.Labels.state(state)));
    }

    boolean livesStill(Browser browser) {
        var pod = truth.get(browser.podName());
        return pod != null && pod.phase() != PodSighting.Phase.FINISHED;
    }

    /** One pod gets further: it becomes ready, or its deletion completes. */
    void progress() {
        for (var name : List.copyOf(truth.keySet())) {
            var pod = truth.get(name);
            if (pod != null && (calm || random.nextBoolean())) {
                if (pod.deleting()) {
                    truth.remove(name);
                } else if (pod.phase() == PodSighting.Phase.PENDING) {
                    truth.put(name, pod(pod.uid(), PodSighting.Phase.RUNNING, true, false));
                }
            }
        }
    }

    /** As the orphan sweep: a dead pod whose row went while its delete was lost. A living one is never forgiven. */
    void sweepFinishedOrphans() {
        truth.entrySet()
                .removeIf(entry -> entry.getValue().phase() == PodSighting.Phase.FINISHED
                        && store.all().stream().noneMatch(row -> row.podName().equals(entry.getKey())));
    }

    void crashOne() {
        any().ifPresent(name -> truth.computeIfPresent(
                name, (_, pod) -> pod(pod.uid(), PodSighting.Phase.FINISHED, false, pod.deleting())));
    }

    void vanishOne() {
        any().ifPresent(truth::remove);
    }

    /** The cache catches up, wholly or for some pods. */
    void sync() {
        var all = calm || random.nextInt(4) == 0;
        for (var name : List.copyOf(cache.keySet())) {
            if (!truth.containsKey(name) && (all || random.nextBoolean())) {
                cache.remove(name);
            }
        }
        truth.forEach((name, pod) -> {
            if (all || random.nextBoolean()) {
                cache.put(name, pod);
            }
        });
    }

    @Nullable
    PodSighting cached(String name) {
        return cache.get(name);
    }

    Map<String, PodSighting> truth() {
        return truth;
    }

    private java.util.Optional<String> any() {
        var names = List.copyOf(truth.keySet());
        return names.isEmpty()
                ? java.util.Optional.empty()
                : java.util.Optional.of(names.get(random.nextInt(names.size())));
    }

    private PodSighting pod(String uid, PodSighting.Phase phase, boolean ready, boolean deleting) {
        Instant now = clock.instant();
        return new PodSighting(
                uid,
                phase,
                ready,
                null,
                deleting,
                true,
                now,
                null,
                EndReason.BROWSER_CRASHED,
                "10.0.0.1:9222",
                "",
                ready ? "warm" : "starting");
    }
}
