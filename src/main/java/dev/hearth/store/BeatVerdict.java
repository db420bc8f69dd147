package dev.hearth.store;

import dev.hearth.claim.EndReason;
import dev.hearth.claim.HeartbeatStore.Health;
import dev.hearth.claim.HeartbeatStore.Report;
import dev.hearth.pool.BrowserState;
import java.util.Optional;
import java.util.UUID;

/** What a report means for a browser and its session. Pure: the same facts give the same verdict. */
sealed interface BeatVerdict {
    record Nothing() implements BeatVerdict {}

    /** A warm browser whose Chrome does not answer: no claim may find it. */
    record Sick() implements BeatVerdict {}

    /** A warm browser whose Chrome answers again. */
    record Well() implements BeatVerdict {}

    /** A browser that was reset: a new Chrome answers, and it is nobody's. */
    record Renewed() implements BeatVerdict {}

    /** A browser that could not be reset: its pod goes. */
    record Spent() implements BeatVerdict {}

    record Over(UUID session, EndReason reason) implements BeatVerdict {}

    /**
     * Over for having idled long enough, if that is all there is to its end.
     *
     * @param otherwise what else the report means, where the session may go on
     */
    record Idle(UUID session, BeatVerdict otherwise) implements BeatVerdict {}

    /** The session goes on with other deadlines: each empty where nothing changes. */
    record Changed(UUID session, boolean connected, Optional<Boolean> lost, Optional<Boolean> frozen)
            implements BeatVerdict {}

    static BeatVerdict of(Known known, Report report) {
        return switch (known.state()) {
            case WARM -> ofWarm(known, report.health());
            case CLAIMED ->
                known.session().map(session -> ofSession(session, report)).orElseGet(Nothing::new);
            case RESETTING -> ofResetting(report);
            case STARTING, RETIRING, FAILED -> new Nothing();
        };
    }

    private static BeatVerdict ofWarm(Known known, Health health) {
        return switch (health) {
            case FROZEN, GONE -> known.healthy() ? new Sick() : new Nothing();
            case READY -> known.healthy() ? new Nothing() : new Well();
            case STARTING -> new Nothing();
        };
    }

    /** An agent that still speaks of the session that was has not begun anew. */
    private static BeatVerdict ofResetting(Report report) {
        return switch (report.health()) {
            case READY -> report.session().isEmpty() ? new Renewed() : new Nothing();
            case GONE -> new Spent();
            case STARTING, FROZEN -> new Nothing();
        };
    }

    private static BeatVerdict ofSession(Live session, Report report) {
        if (report.health() == Health.GONE) {
            // At the session's end its agent stops Chrome by itself, often before the sweep comes by.
            return new Over(session.id(), session.expired() ? EndReason.TIMED_OUT : EndReason.BROWSER_CRASHED);
        }
        if (!report.session().equals(Optional.of(session.id()))) {
            return new Nothing();
        }
        if (report.left() && report.connections() == 0 && !session.keepAlive()) {
            return new Over(session.id(), EndReason.CLIENT_DISCONNECTED);
        }
        if (isIdle(session, report)) {
            return new Idle(session.id(), changed(session, report));
        }
        return changed(session, report);
    }

    /** By the report's own word: what was heard earlier may have been followed by a command that nobody told yet. */
    private static boolean isIdle(Live session, Report report) {
        return session.idleMillis() > 0 && report.idleMillis() >= session.idleMillis();
    }

    private static BeatVerdict changed(Live session, Report report) {
        var connected = report.connected() && session.awaited();
        // A kept-alive session waits for no one: only its timeout and its idleness end it.
        var lost = report.connected() && report.connections() == 0 && !session.keepAlive();
        var frozen = report.health() == Health.FROZEN;
        var change =
                new Changed(session.id(), connected, onlyNew(lost, session.lost()), onlyNew(frozen, session.frozen()));
        return connected || change.lost().isPresent() || change.frozen().isPresent() ? change : new Nothing();
    }

    private static Optional<Boolean> onlyNew(boolean now, boolean before) {
        return now == before ? Optional.empty() : Optional.of(now);
    }

    /** A browser's row when the report came in. */
    record Known(BrowserState state, boolean healthy, Optional<Live> session) {}

    /**
     * @param awaited nobody has connected yet
     * @param lost its client's socket was lost and the reconnect window runs
     * @param idleMillis how long it may be without a client's command; 0: for ever
     * @param expired its timeout has passed
     */
    record Live(
            UUID id,
            boolean keepAlive,
            boolean awaited,
            boolean lost,
            boolean frozen,
            long idleMillis,
            boolean expired) {}
}
