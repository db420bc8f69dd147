package dev.hearth.pool;

import dev.hearth.pool.PoolAction.Retire;
import dev.hearth.pool.PoolAction.Why;
import dev.hearth.pool.PoolTarget.Rollout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** How many browsers to start and which to retire, given how each one stands. */
record SupplyRules(PoolTarget target) {
    /** An unclaimed browser that is wanted unless there are too many. */
    record Unclaimed(BrowserView view, boolean warm) {
        boolean current(PoolTarget target) {
            return view.row().revision().equals(target.revision()) && !outdated();
        }

        /** On its way for the first time; one that is reset has shown already that its shape works. */
        boolean isNew() {
            return !warm && view.row().state() == BrowserState.STARTING;
        }

        boolean outdated() {
            return view.row().outdated();
        }

        Retire retire(Why why) {
            return new Retire(
                    view.row(), why, view.pod() == null ? null : view.pod().uid());
        }
    }

    /** @param wanted browsers to start if nothing but the target counted */
    record Supply(List<Retire> retire, int wanted) {}

    /** Starting before warm, for nobody could claim those yet; then youngest first; the id keeps the order total. */
    private static final Comparator<Unclaimed> FIRST_TO_GO = Comparator.comparing(Unclaimed::warm)
            .thenComparing(unclaimed -> unclaimed.view().row().createdAt(), Comparator.reverseOrder())
            .thenComparing(unclaimed -> unclaimed.view().row().id());

    /** @param leaving rows that hold their place under the ceiling until their pod is gone */
    record Tally(List<Unclaimed> unclaimed, int claimed, int leaving) {
        int rows() {
            return unclaimed.size() + claimed + leaving;
        }

        int newOnes() {
            return (int) unclaimed.stream().filter(Unclaimed::isNew).count();
        }
    }

    /** Which browsers are old, and how they go. */
    private record Change(Rollout rollout, Predicate<Unclaimed> old) {}

    /** What is too old goes also where a new revision would wait until it is wanted: nobody may ever claim it. */
    private Change change(Tally tally) {
        return target.rollout() instanceof Rollout.OnReplenish
                        && tally.unclaimed().stream().anyMatch(Unclaimed::outdated)
                ? new Change(new Rollout.Rolling(1), Unclaimed::outdated)
                : new Change(target.rollout(), one -> !one.current(target));
    }

    Supply decide(Tally tally) {
        var change = change(tally);
        var replicas = target.unclaimedTarget(tally.claimed());
        var fresh = sorted(tally, change.old().negate());
        var old = sorted(tally, change.old().and(Unclaimed::warm));
        var retire = new ArrayList<Retire>();
        // An old one that is not even warm serves nobody.
        sorted(tally, change.old().and(one -> !one.warm())).forEach(one -> retire.add(one.retire(Why.STALE)));
        while (fresh.size() > replicas) {
            retire.add(fresh.removeFirst().retire(Why.SURPLUS));
        }
        while (old.size() > Math.max(0, replicas - replaced(change, fresh))) {
            retire.add(old.removeFirst().retire(Why.STALE));
        }
        var wanted = wanted(change, replicas, fresh.size(), old.size());
        if (wanted > 0 && retire.isEmpty() && !old.isEmpty() && swapsInPlace(change, tally)) {
            retire.add(old.removeFirst().retire(Why.STALE));
        }
        return new Supply(List.copyOf(retire), wanted);
    }

    private static List<Unclaimed> sorted(Tally tally, Predicate<Unclaimed> which) {
        return new ArrayList<>(
                tally.unclaimed().stream().filter(which).sorted(FIRST_TO_GO).toList());
    }

    /** New browsers that stand for an old one each. */
    private static int replaced(Change change, List<Unclaimed> fresh) {
        return switch (change.rollout()) {
            case Rollout.Rolling _ ->
                (int) fresh.stream().filter(Unclaimed::warm).count();
            case Rollout.OnReplenish _ -> fresh.size();
        };
    }

    private static int wanted(Change change, int replicas, int fresh, int old) {
        return switch (change.rollout()) {
            case Rollout.Rolling rolling ->
                Math.max(0, Math.min(replicas - fresh, replicas + (old == 0 ? 0 : rolling.surge()) - fresh - old));
            case Rollout.OnReplenish _ -> Math.max(0, replicas - fresh - old);
        };
    }

    /**
     * Where the ceiling leaves no room for a new browser beside the old ones, waiting for a warm new one would wait for
     * ever: one old browser goes first. Only while none is on its way, so that a revision that fails costs one.
     */
    private boolean swapsInPlace(Change change, Tally tally) {
        return change.rollout() instanceof Rollout.Rolling
                && target.room(tally.rows()) == 0
                && tally.leaving() == 0
                && tally.newOnes() == 0;
    }
}
