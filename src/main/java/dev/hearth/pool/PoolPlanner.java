package dev.hearth.pool;

import dev.hearth.pool.BrowserRules.Standing;
import dev.hearth.pool.BrowserRules.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a pool does next. Pure: the same snapshot in, the same plan out. Counts rows, never pods: a pod that the
 * cache does not show yet has its row already, so a late cache cannot make it start too many.
 */
public final class PoolPlanner {
    /** More would be longer than a condition's message is read; the rest follow as these are mended. */
    private static final int MOST_NODES_NAMED = 20;

    private final PoolTimings timings;

    public PoolPlanner(PoolTimings timings) {
        this.timings = timings;
    }

    public PoolPlan plan(PoolSnapshot snapshot) {
        var target = snapshot.target();
        var rules = new BrowserRules(target, timings, snapshot.now());
        var judged = snapshot.browsers().stream()
                .map(view -> new Judged(view, rules.judge(view)))
                .toList();
        var tally = tally(judged);
        var supply = new SupplyRules(target).decide(tally);
        var starting = count(judged, Standing.STARTING);
        var start = start(snapshot, supply.wanted(), tally.newOnes(), tally.rows());

        var actions = new ArrayList<PoolAction>();
        judged.stream()
                .map(one -> one.verdict().action())
                .filter(Objects::nonNull)
                .forEach(actions::add);
        if (!target.paused()) {
            actions.addAll(supply.retire());
        }
        if (start > 0) {
            actions.add(new PoolAction.Start(start));
        }
        return new PoolPlan(
                actions,
                counts(judged, target),
                Math.max(0, supply.wanted() - start),
                trouble(snapshot, judged, supply.wanted() + starting),
                nextLook(snapshot, judged, supply.wanted() > start));
    }

    private record Judged(BrowserView view, Verdict verdict) {}

    private static SupplyRules.Tally tally(List<Judged> judged) {
        var unclaimed = judged.stream()
                .filter(one -> one.verdict().standing() == Standing.STARTING
                        || one.verdict().standing() == Standing.WARM)
                .map(one -> new SupplyRules.Unclaimed(one.view(), one.verdict().standing() == Standing.WARM))
                .toList();
        return new SupplyRules.Tally(unclaimed, count(judged, Standing.CLAIMED), count(judged, Standing.LEAVING));
    }

    /** @param starting new browsers on their way */
    private int start(PoolSnapshot snapshot, int wanted, int starting, int rows) {
        if (snapshot.target().paused() || snapshot.backoff().waits(snapshot.now())) {
            return 0;
        }
        if (snapshot.backoff().failures() > 0) {
            // After a failure one browser tries for all; the others follow once it is warm.
            return starting > 0
                    ? 0
                    : Math.min(Math.min(wanted, 1), snapshot.target().room(rows));
        }
        return Math.max(
                0,
                Math.min(
                        Math.min(wanted, timings.maxStarting() - starting),
                        snapshot.target().room(rows)));
    }

    private static PoolCounts counts(List<Judged> judged, PoolTarget target) {
        var updated = judged.stream()
                .filter(one -> one.view().row().revision().equals(target.revision()))
                .toList();
        return new PoolCounts(
                count(judged, Standing.WARM),
                count(judged, Standing.STARTING),
                count(judged, Standing.CLAIMED),
                (int) judged.stream()
                        .filter(one -> one.verdict().standing() == Standing.LEAVING
                                && one.view().row().state() != BrowserState.FAILED)
                        .count(),
                (int) judged.stream()
                        .filter(one -> one.view().row().state() == BrowserState.FAILED)
                        .count(),
                count(updated, Standing.WARM) + count(updated, Standing.STARTING),
                count(updated, Standing.WARM));
    }

    private static int count(List<Judged> judged, Standing standing) {
        return (int) judged.stream()
                .filter(one -> one.verdict().standing() == standing)
                .count();
    }

    /**
     * What a pod says of itself is newer than what the last failure said.
     *
     * @param coming browsers wanted or starting; where there are none, a refused pod stands in nobody's way
     */
    private static @Nullable Trouble trouble(PoolSnapshot snapshot, List<Judged> judged, int coming) {
        var seen = judged.stream()
                .map(one -> one.verdict().trouble())
                .filter(Objects::nonNull)
                .sorted(Comparator.comparing(Trouble::kind).thenComparing(Trouble::message))
                .toList();
        if (seen.isEmpty()) {
            var backoff = snapshot.backoff();
            return backoff.endsWithAnAcceptedPod() && coming == 0 ? null : backoff.trouble();
        }
        var first = seen.getFirst();
        return first.kind().isOfNodes() ? new Trouble(first.kind(), ofAll(first.kind(), seen)) : first;
    }

    private static String ofAll(Trouble.Kind kind, List<Trouble> seen) {
        return seen.stream()
                .filter(one -> one.kind() == kind)
                .map(Trouble::message)
                .distinct()
                .limit(MOST_NODES_NAMED)
                .collect(Collectors.joining("; "));
    }

    private static @Nullable Instant nextLook(PoolSnapshot snapshot, List<Judged> judged, boolean waiting) {
        var retry = waiting && snapshot.backoff().waits(snapshot.now())
                ? Stream.of(snapshot.backoff().until())
                : Stream.<Instant>empty();
        var due = judged.stream().map(one -> one.verdict().look()).filter(Objects::nonNull);
        return Stream.concat(retry, due).min(Comparator.naturalOrder()).orElse(null);
    }
}
