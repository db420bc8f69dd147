package dev.hearth.claim;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What browsers report, and what Postgres answers them. Facts in, fences out: the consequences of a report (a crash, a
 * client that left, a lost socket) are drawn in the same transaction.
 */
public interface HeartbeatStore {
    /** Empty unless this browser has this pod UID and this token; SHA-256 of the token, in raw bytes. */
    Optional<Fence> admit(UUID browser, String podUid, byte[] tokenHash);

    /**
     * One fence per report of a browser that still exists, in any order. A report older than the newest known, of another
     * pod UID or of a lower epoch changes nothing but is answered.
     */
    List<Fence> record(List<Report> reports);

    /** Makes browsers silent for longer than {@code silence} unclaimable, and those heard again claimable. Returns how many changed. */
    int flipSilent(Duration silence);

    /** As {@code wire.Beat}, free of the wire. */
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
            long idleMillis) {}

    /** How Chrome is by its agent's word. */
    enum Health {
        STARTING,
        READY,
        FROZEN,
        GONE
    }

    /** @param remainingMillis to the session's hard end; -1 without one */
    record Fence(
            UUID browser, long sequence, long epoch, Optional<UUID> session, long remainingMillis, boolean ended) {}
}
