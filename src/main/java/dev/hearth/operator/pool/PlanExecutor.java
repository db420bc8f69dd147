package dev.hearth.operator.pool;

import dev.hearth.claim.EndReason;
import dev.hearth.operator.Leadership;
import dev.hearth.pool.Backoff;
import dev.hearth.pool.Browser;
import dev.hearth.pool.BrowserState;
import dev.hearth.pool.PoolAction;
import dev.hearth.pool.PoolPlan;
import dev.hearth.pool.SupplyStore;
import dev.hearth.pool.SupplyStore.Location;
import dev.hearth.pool.SupplyStore.Slot;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Acts on a plan. The database decides first and Kubernetes follows: a browser is retired there, under the leader's epoch,
 * before its pod is deleted, so neither a claim nor another leader can be overtaken.
 */
final class PlanExecutor {
    private final SupplyStore store;
    private final Leadership leadership;
    private final Starter starter;
    private final InstantSource clock;

    PlanExecutor(SupplyStore store, Leadership leadership, InstantSource clock) {
        this.store = store;
        this.leadership = leadership;
        this.starter = new Starter(store, clock);
        this.clock = clock;
    }

    /** @param rowsChanged the plan's own counts are out of date */
    record Done(Backoff backoff, boolean rowsChanged) {
        Done and(boolean changed) {
            return new Done(backoff, rowsChanged || changed);
        }

        Done warmed(boolean warm) {
            return warm ? new Done(backoff.warmed(), true) : this;
        }
    }

    Done execute(PoolPlan plan, Slot slot, Pods pods, Backoff backoff) {
        var epoch = leadership.epoch();
        var done = new Done(backoff, false);
        var ends = new ArrayList<PoolAction.End>();
        var outdated = new ArrayList<UUID>();
        for (var action : plan.actions()) {
            done = switch (action) {
                case PoolAction.Start start -> starter.start(start.count(), new Starter.Place(slot, pods, epoch), done);
                case PoolAction.MarkWarm warm -> done.warmed(markWarm(warm, pods, epoch));
                case PoolAction.Fail fail -> fail(fail, pods, epoch, done);
                case PoolAction.Retire retire -> done.and(retire(retire, pods, epoch));
                case PoolAction.Outdate old -> {
                    outdated.add(old.browser().id());
                    yield done;
                }
                case PoolAction.DeletePod delete -> {
                    pods.delete(delete.browser(), delete.podUid());
                    yield done;
                }
                case PoolAction.ConfirmLost lost -> done.and(confirmLost(lost.browser(), lost.reason(), pods, epoch));
                case PoolAction.End end -> {
                    store.gone(end.browser().id(), end.reason(), epoch);
                    ends.add(end);
                    yield done.and(true);
                }
                case PoolAction.Label label -> {
                    pods.label(label.browser(), label.podUid(), label.browser().state());
                    yield done;
                }
            };
        }
        if (!ends.isEmpty()) {
            deleteEnded(ends, slot.pool(), pods);
        }
        return outdated.isEmpty() ? done : done.and(store.outdate(outdated, epoch));
    }

    private boolean markWarm(PoolAction.MarkWarm action, Pods pods, long epoch) {
        var pod = action.pod();
        var warm = store.warm(action.browser().id(), new Location(pod.uid(), pod.address(), pod.zone()), epoch);
        if (warm) {
            pods.label(action.browser(), pod.uid(), BrowserState.WARM);
        }
        return warm;
    }

    private Done fail(PoolAction.Fail action, Pods pods, long epoch, Done done) {
        var browser = action.browser();
        if (!store.fail(browser.id(), action.trouble().kind().word(), epoch)) {
            return done;
        }
        pods.delete(browser, action.podUid());
        return new Done(done.backoff().failed(action.trouble(), clock.instant()), true);
    }

    private boolean retire(PoolAction.Retire action, Pods pods, long epoch) {
        var won = store.retire(action.browser().id(), epoch);
        if (won && action.podUid() != null) {
            pods.delete(action.browser(), action.podUid());
        }
        return won;
    }

    private boolean confirmLost(Browser browser, EndReason reason, Pods pods, long epoch) {
        if (!pods.isGone(browser)) {
            return false;
        }
        store.gone(browser.id(), reason, epoch);
        return true;
    }

    /** Under an older epoch {@code gone} did nothing: a row that is still there keeps its pod. */
    private void deleteEnded(Iterable<PoolAction.End> ends, UUID pool, Pods pods) {
        var left = store.browsers(pool).stream().map(Browser::id).collect(Collectors.toSet());
        for (var end : ends) {
            if (!left.contains(end.browser().id())) {
                pods.delete(end.browser(), end.podUid());
            }
        }
    }
}
