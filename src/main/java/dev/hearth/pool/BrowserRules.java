package dev.hearth.pool;

import dev.hearth.claim.EndReason;
import dev.hearth.pool.PoolAction.ConfirmLost;
import dev.hearth.pool.PoolAction.DeletePod;
import dev.hearth.pool.PoolAction.End;
import dev.hearth.pool.PoolAction.Fail;
import dev.hearth.pool.PoolAction.Label;
import dev.hearth.pool.PoolAction.MarkWarm;
import dev.hearth.pool.PoolAction.Outdate;
import dev.hearth.pool.PoolAction.Retire;
import dev.hearth.pool.PoolAction.Why;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What each browser needs by itself, whatever the others do. A claimed one is never touched while its Chrome lives. */
record BrowserRules(PoolTarget target, PoolTimings timings, Instant now) {
    /** One that was busy when it should have been marked as too old is tried again after this. */
    private static final Duration PASSED_OVER = Duration.ofSeconds(10);

    /** How a browser counts towards the target. */
    enum Standing {
        STARTING,
        WARM,
        CLAIMED,
        LEAVING
    }

    /** @param look when time alone changes the verdict */
    record Verdict(
            Standing standing,
            @Nullable PoolAction action,
            @Nullable Trouble trouble,
            @Nullable Instant look) {
        static Verdict keep(Standing standing) {
            return new Verdict(standing, null, null, null);
        }

        Verdict lookingBy(Instant due) {
            return new Verdict(standing, action, trouble, look == null || due.isBefore(look) ? due : look);
        }

        static Verdict act(Standing standing, PoolAction action) {
            return new Verdict(standing, action, null, null);
        }
    }

    Verdict judge(BrowserView view) {
        var pod = view.pod();
        if (pod == null) {
            return unseen(view);
        }
        return switch (view.row().state()) {
            case STARTING -> starting(view.row(), pod);
            case WARM -> warm(view.row(), pod);
            case CLAIMED -> claimed(view.row(), pod);
            case RESETTING -> resetting(view.row(), pod);
            case RETIRING, FAILED -> leaving(view.row(), pod);
        };
    }

    private Verdict unseen(BrowserView view) {
        var row = view.row();
        var standing = switch (row.state()) {
            case STARTING -> Standing.STARTING;
            // A claim would meet nobody: not counted, so that its replacement is not late.
            case WARM, RESETTING, RETIRING, FAILED -> Standing.LEAVING;
            case CLAIMED -> Standing.CLAIMED;
        };
        var since = view.missingSince() == null ? now : view.missingSince();
        var mayBeComing = row.podUid() == null && !view.seenBefore();
        var due = mayBeComing ? since.plus(timings.creationGrace()) : since;
        return due.isAfter(now)
                ? new Verdict(standing, null, null, due)
                : Verdict.act(standing, new ConfirmLost(row, EndReason.POD_LOST));
    }

    private Verdict starting(Browser row, PodSighting pod) {
        if (pod.deleting()) {
            return Verdict.act(Standing.LEAVING, new Retire(row, Why.POD_DELETED, null));
        }
        if (pod.phase() == PodSighting.Phase.FINISHED) {
            return Verdict.act(Standing.LEAVING, new Fail(row, crashed(pod), pod.uid()));
        }
        if (pod.ready()) {
            // Counts as warm once the row says so: an old browser must not go for one that is not claimable yet.
            return Verdict.act(Standing.STARTING, new MarkWarm(row, pod));
        }
        if (!pod.scheduled()) {
            // Held, not replaced: another pod would not fit either, and autoscalers need to see this one.
            return new Verdict(Standing.STARTING, null, pod.trouble(), null);
        }
        var due = pod.createdAt().plus(timings.startupTimeout());
        if (due.isAfter(now) || target.paused()) {
            return new Verdict(Standing.STARTING, null, pod.trouble(), due.isAfter(now) ? due : null);
        }
        var trouble = pod.trouble() != null ? pod.trouble() : late(timings.startupTimeout());
        return Verdict.act(Standing.LEAVING, new Fail(row, trouble, pod.uid()));
    }

    private Verdict warm(Browser row, PodSighting pod) {
        if (pod.deleting()) {
            return Verdict.act(Standing.LEAVING, new Retire(row, Why.POD_DELETED, null));
        }
        if (pod.phase() == PodSighting.Phase.FINISHED) {
            return Verdict.act(Standing.LEAVING, new Fail(row, crashed(pod), pod.uid()));
        }
        var unready = pod.unreadySince();
        // While it was reset it was unready for good reason, and its pod's word is older than its agent's.
        var unreadyUntil = unready == null
                ? null
                : (unready.isAfter(row.changedAt()) ? unready : row.changedAt()).plus(timings.unreadyGrace());
        var broken = !row.healthy() || (unreadyUntil != null && !unreadyUntil.isAfter(now));
        if (broken && !target.paused()) {
            return Verdict.act(Standing.LEAVING, new Retire(row, Why.UNHEALTHY, pod.uid()));
        }
        return orOutdated(row, new Verdict(Standing.WARM, relabel(row, pod), null, broken ? null : unreadyUntil));
    }

    private Verdict claimed(Browser row, PodSighting pod) {
        if (pod.phase() == PodSighting.Phase.FINISHED) {
            return Verdict.act(Standing.LEAVING, new End(row, pod.end(), pod.uid()));
        }
        if (target.ending() == PoolTarget.Ending.TERMINATES) {
            return Verdict.act(Standing.LEAVING, new End(row, EndReason.EVICTED, pod.uid()));
        }
        return orOutdated(row, new Verdict(Standing.CLAIMED, pod.deleting() ? null : relabel(row, pod), null, null));
    }

    /** Its agent ends a reset that takes too long, and says so; this is for one whose agent is silent. */
    private Verdict resetting(Browser row, PodSighting pod) {
        if (pod.deleting()) {
            return Verdict.act(Standing.LEAVING, new Retire(row, Why.POD_DELETED, null));
        }
        if (pod.phase() == PodSighting.Phase.FINISHED) {
            return Verdict.act(Standing.LEAVING, new Retire(row, Why.NOT_RESET, pod.uid()));
        }
        var due = row.changedAt().plus(target.resetTimeout()).plus(timings.unreadyGrace());
        if (!due.isAfter(now) && !target.paused()) {
            return Verdict.act(Standing.LEAVING, new Retire(row, Why.NOT_RESET, pod.uid()));
        }
        return orOutdated(row, new Verdict(Standing.STARTING, relabel(row, pod), null, due.isAfter(now) ? due : null));
    }

    /** What else it needs comes first; a browser that has not been ready yet is judged by its start alone. */
    private Verdict orOutdated(Browser row, Verdict other) {
        var due = target.outdatedAt(row);
        if (due == null || row.outdated() || target.paused()) {
            return other;
        }
        if (due.isAfter(now)) {
            return other.lookingBy(due);
        }
        return other.action() == null
                ? new Verdict(other.standing(), new Outdate(row), other.trouble(), now.plus(PASSED_OVER))
                : other.lookingBy(now.plus(PASSED_OVER));
    }

    private static Verdict leaving(Browser row, PodSighting pod) {
        return pod.deleting()
                ? Verdict.keep(Standing.LEAVING)
                : Verdict.act(Standing.LEAVING, new DeletePod(row, pod.uid()));
    }

    private static @Nullable PoolAction relabel(Browser row, PodSighting pod) {
        return pod.label().equals(row.state().name().toLowerCase(Locale.ROOT)) ? null : new Label(row, pod.uid());
    }

    private static Trouble crashed(PodSighting pod) {
        return pod.trouble() != null
                ? pod.trouble()
                : new Trouble(
                        Trouble.Kind.CRASH_LOOP,
                        "the browser ended: " + pod.end().word());
    }

    private static Trouble late(Duration timeout) {
        return new Trouble(
                Trouble.Kind.STARTUP_TIMEOUT,
                "the browser was not ready " + timeout.toSeconds() + " s after its start");
    }
}
