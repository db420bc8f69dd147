package dev.hearth.wire;

import java.time.Instant;
import java.util.UUID;

/**
 * A gateway's permission for one act on one browser. An agent obeys only grants for its own pod UID whose epoch is not
 * below the highest it has seen; a grant of a higher epoch hands the browser over.
 *
 * @param connection names the connection, so that {@link Kind#LEAVE} and take-overs can say which one they mean
 * @param expiresAt after this the grant opens nothing; a connection it opened lives on
 */
public record Grant(
        Kind kind, String podUid, UUID session, long epoch, UUID connection, Instant expiresAt, boolean exclusive) {

    /** What the bearer may do. */
    public enum Kind {
        /** Open the session's own CDP connection, which counts for policy and for idleness. */
        CLIENT,
        /** As CLIENT, but a client that holds an exclusive session is put out first. */
        TAKEOVER,
        /** Watch: a page socket or a viewer; never counts, never keeps a session alive. */
        VIEWER,
        /** Tell the agent that the client of {@code connection} left on purpose. */
        LEAVE,
        /** End the session: cut every socket and stop Chrome. */
        END
    }
}
