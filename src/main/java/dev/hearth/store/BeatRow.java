package dev.hearth.store;

import dev.hearth.claim.HeartbeatStore.Fence;
import dev.hearth.pool.BrowserState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A browser and its session as a beat found them.
 *
 * @param fits the report came from this browser's pod
 * @param heard the report was newer than what was known
 * @param vouched it was written as one of a browser that its gateway vouches for
 */
record BeatRow(
        UUID browser,
        long epoch,
        @Nullable UUID session,
        long remainingMillis,
        long idleMillis,
        long awaitedMillis,
        boolean fits,
        boolean heard,
        boolean vouched,
        BeatVerdict.Known known) {

    static BeatRow of(ResultSet row) throws SQLException {
        var session = row.getObject("session_id", UUID.class);
        var live = session == null
                ? Optional.<BeatVerdict.Live>empty()
                : Optional.of(new BeatVerdict.Live(
                        session,
                        row.getBoolean("keep_alive"),
                        row.getObject("connect_by") != null,
                        row.getObject("reconnect_by") != null,
                        row.getObject("thaw_by") != null,
                        row.getLong("idle_ms"),
                        row.getLong("remaining") <= 0));
        return new BeatRow(
                SessionRows.uuid(row, "id"),
                row.getLong("epoch"),
                session,
                session == null ? -1 : Math.max(0, row.getLong("remaining")),
                row.getLong("idle_ms"),
                row.getLong("awaited"),
                row.getBoolean("fits"),
                row.getBoolean("heard"),
                row.getBoolean("vouched"),
                new BeatVerdict.Known(
                        BrowserState.valueOf(SessionRows.text(row, "state")), row.getBoolean("healthy"), live));
    }

    /** @param over sessions that ended since the row was read */
    Fence fence(Optional<UUID> reported, long sequence, Set<UUID> over) {
        var live = Optional.ofNullable(session).filter(id -> !over.contains(id));
        return new Fence(
                browser,
                sequence,
                epoch,
                live,
                live.isPresent() ? remainingMillis : -1,
                live.isPresent() ? idleMillis : 0,
                live.isPresent() ? awaitedMillis : 0,
                isEnded(reported, live.isPresent()),
                vouched);
    }

    private boolean isEnded(Optional<UUID> reported, boolean goesOn) {
        return switch (known.state()) {
            case RETIRING, FAILED -> true;
            // Its agent knows by this that there is no session any more and that it goes on.
            case RESETTING -> !fits;
            case STARTING, WARM, CLAIMED -> !fits || (!goesOn && (session != null || reported.isPresent()));
        };
    }
}
