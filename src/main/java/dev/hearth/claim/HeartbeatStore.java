package dev.hearth.claim;

import java.util.List;
import java.util.Optional;
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
     */
    List<Fence> record(List<Report> reports);

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
     */
    record Fence(
            UUID browser,
            long sequence,
            long epoch,
            Optional<UUID> session,
            long remainingMillis,
            long idleMillis,
            long awaitedMillis,
            boolean ended) {}
}
