package dev.hearth.pool;

import dev.hearth.claim.EndReason;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The operator's side of the browser table. Every write carries the leader's epoch and does nothing under an older one:
 * a leader that lost its lease cannot act on what it last saw.
 */
public interface SupplyStore {
    /** Becomes leader: from now on writes with an older epoch are refused. */
    long lead(String identity);

    /** All rows of a pool, each exactly once. */
    List<Browser> browsers(UUID pool);

    /** Inserts {@code count} slots as STARTING and returns them; their pods do not exist yet. */
    List<NewBrowser> reserve(Slot slot, int count, long leaderEpoch);

    /** STARTING → WARM and claimable. False when the row is not STARTING any more. */
    boolean warm(UUID browser, Location location, long leaderEpoch);

    /** WARM, STARTING, RESETTING or FAILED → RETIRING; false when a claim was faster, or the row is gone. Never touches CLAIMED. */
    boolean retire(UUID browser, long leaderEpoch);

    /** The pod failed before or while warm: WARM or STARTING → FAILED, never claimable again. */
    boolean fail(UUID browser, String reason, long leaderEpoch);

    /** The pod is gone: ends a live session with this reason and deletes the row. */
    void gone(UUID browser, EndReason reason, long leaderEpoch);

    /**
     * Marks every unclaimed row of the pool with another revision as stale (claimed last) or current; a claimed one with
     * another revision is not used again.
     */
    void markCurrent(UUID pool, String revision, long leaderEpoch);

    /**
     * Marks browsers of one pool that are too old: claimed after all others, and a claimed one not used again after its session. Those
     * that are just being claimed or ended are passed over. True when any was marked.
     */
    boolean outdate(List<UUID> browsers, long leaderEpoch);

    /** Pools that have rows: what the orphan sweep compares with Kubernetes. */
    List<UUID> poolsWithBrowsers();

    /**
     * One mark per pool that has rows. A pool's mark differs from the one before whenever one of its rows came, went or
     * changed; nothing else may be read from it. Asked once or twice a second, so it must stay cheap.
     */
    Map<UUID, String> marks();

    /**
     * @param namespace and name of the pool, kept for humans and for pod names
     * @param uses sessions that each browser serves, one after the other
     */
    record Slot(UUID pool, String namespace, String name, String region, String revision, int uses) {
        /** Of browsers that go with their first session. */
        public Slot(UUID pool, String namespace, String name, String region, String revision) {
            this(pool, namespace, name, region, revision, 1);
        }
    }

    /** @param beatToken the agent's secret, given to the pod once; only its hash is stored */
    record NewBrowser(UUID id, String podName, String beatToken) {
        @Override
        public String toString() {
            return "NewBrowser[id=" + id + ", podName=" + podName + "]";
        }
    }

    /** @param address the agent's {@code host:port} */
    record Location(String podUid, String address, String zone) {}
}
