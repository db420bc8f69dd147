package dev.hearth.pool;

import dev.hearth.claim.EndReason;
import org.jspecify.annotations.Nullable;

/** One step towards a pool's target. Steps are safe to repeat, and safe to skip: the next look finds what is left. */
public sealed interface PoolAction {
    /** Reserves slots and creates their pods, in batches of 1, 2, 4 … that stop at the first refusal. */
    record Start(int count) implements PoolAction {}

    /** The browser is ready: claimable from now on. */
    record MarkWarm(Browser browser, PodSighting pod) implements PoolAction {}

    /** An unclaimed browser broke: never claimable again. */
    record Fail(Browser browser, Trouble trouble, String podUid) implements PoolAction {}

    /** Takes an unclaimed browser out, in the database first: a claim may still win. */
    record Retire(Browser browser, Why why, @Nullable String podUid) implements PoolAction {}

    /** It is too old: from now on it is claimed last, and never used again; it goes as one of an old revision. */
    record Outdate(Browser browser) implements PoolAction {}

    /** Deletes the pod of a browser that is out already. */
    record DeletePod(Browser browser, String podUid) implements PoolAction {}

    /** Asks the API server itself whether the pod is gone, and if so drops the row and ends its session. */
    record ConfirmLost(Browser browser, EndReason reason) implements PoolAction {}

    /** Ends a session whose Chrome is gone, or whose pool is being terminated. */
    record End(Browser browser, EndReason reason, String podUid) implements PoolAction {}

    /** Brings the pod's state label after the row. */
    record Label(Browser browser, String podUid) implements PoolAction {}

    /** Why an unclaimed browser is taken out. */
    enum Why {
        UNHEALTHY,
        NOT_RESET,
        POD_DELETED,
        STALE,
        SURPLUS
    }
}
