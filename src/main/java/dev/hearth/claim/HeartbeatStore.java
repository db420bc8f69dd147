package dev.hearth.claim;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What browsers report, and what Postgres answers them. Facts in, fences out: the consequences of a report (a crash, a
 * client that left, a lost socket) are drawn in the same transaction.
 */
public interface HeartbeatStore {
    /** One answer per hello, in their order: empty unless this browser has this pod UID and this token. */
    List<Optional<Fence>> admit(List<Hello> hellos);

    /** @param tokenHash SHA-256 of the token, in raw bytes */
    record Hello(UUID browser, String podUid, byte[] tokenHash) {}

    /**
     * One fence per report of a browser that still exists, in any order. A report older than the newest known, of another
     * pod UID or of a lower epoch changes nothing but is answered.
     *
     * @param vouching this gateway will not have all beats of calm browsers written: while it {@link #pulse pulses} they count
     *     as heard, and when one falls silent it says so
     */
    List<Fence> record(List<Report> reports, boolean vouching);

    /** Every beat of these browsers will be written. */
    default List<Fence> record(List<Report> reports) {
        return record(reports, false);
    }

    /**
     * The gateway lives and hears whom it vouches for, but for these. Each second, to each of {@link #databases}; a gateway that
     * is late with it vouches for nobody.
     */
    Pulse pulse(int shard, List<Silence> silent);

    /** How many databases there are: {@link #shard} is less. */
    default int databases() {
        return 1;
    }

    /**
     * A browser that is not vouched for any longer.
     *
     * @param sequence of the last beat that was heard: what another gateway heard later stands
     * @param millis since then
     */
    record Silence(UUID browser, long sequence, long millis) {}

    /**
     * @param isFirst nothing is known of earlier ones: whatever was vouched for is forgotten
     * @param isUnderstood by all gateways that live: one of an older release takes browsers that are vouched for for silent
     * @param wanted browsers whose next beat has to be written: the store must know, or tell them, something in time
     */
    record Pulse(boolean isFirst, boolean isUnderstood, Set<UUID> wanted) {}

    /**
     * Which of its databases keeps this browser; the same number: the same one. What is asked of one of them together is
     * done or fails together, and does not wait for another. Does not block for a browser that was admitted.
     */
    default int shard(UUID browser) {
        return 0;
    }

    /** Whether nothing can be written of this browser just now, for its row is on its way to another database. */
    default boolean isOnItsWay(UUID browser) {
        return false;
    }

    /**
     * As {@code wire.Beat}, free of the wire.
     *
     * @param waitedMillis since it came in: an old word is no sign of life now
     * @param proxyBytes of the session, through its browser's guard
     */
    record Report(
            UUID browser,
            String podUid,
            long sequence,
            Health health,
            Optional<UUID> session,
            long epoch,
            int connections,
            boolean connected,
            boolean left,
            long commands,
            long idleMillis,
            long waitedMillis,
            long proxyBytes) {

        /** Just heard. */
        public Report(
                UUID browser,
                String podUid,
                long sequence,
                Health health,
                Optional<UUID> session,
                long epoch,
                int connections,
                boolean connected,
                boolean left,
                long commands,
                long idleMillis) {
            this(
                    browser,
                    podUid,
                    sequence,
                    health,
                    session,
                    epoch,
                    connections,
                    connected,
                    left,
                    commands,
                    idleMillis,
                    0,
                    0);
        }

        /** Nothing goes on in it and nothing is wrong with it: it is as good as it was when it was last heard. */
        public boolean isCalm() {
            return health == Health.READY && session.isEmpty();
        }

        public Report waited(long millis) {
            return new Report(
                    browser,
                    podUid,
                    sequence,
                    health,
                    session,
                    epoch,
                    connections,
                    connected,
                    left,
                    commands,
                    idleMillis,
                    millis,
                    proxyBytes);
        }
    }

    /** How Chrome is by its agent's word. */
    enum Health {
        STARTING,
        READY,
        FROZEN,
        GONE
    }

    /**
     * @param remainingMillis to the session's hard end; -1 without one
     * @param idleMillis how long it may be without a client's command; 0: for ever, or without a session
     * @param awaitedMillis how long it has waited for its first client; 0: somebody came, or without a session
     * @param vouched the store relies on the gateway for this browser from now on
     */
    record Fence(
            UUID browser,
            long sequence,
            long epoch,
            Optional<UUID> session,
            long remainingMillis,
            long idleMillis,
            long awaitedMillis,
            boolean ended,
            boolean vouched) {}
}
