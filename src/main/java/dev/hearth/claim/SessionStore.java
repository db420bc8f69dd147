package dev.hearth.claim;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sessions after their claim: found, connected to, ended. A session of another project is never found. */
public interface SessionStore {
    /** Live or ended (as long as history is kept). */
    Optional<Session> find(String project, UUID session);

    /** Newest first, live ones before ended ones. */
    List<Session> list(String project, Filter filter);

    /**
     * Looks a session up for a connection and moves its connect deadline out of the way of a dial that is under way.
     *
     * @param project null where the caller proved its right by the session's own signature
     */
    Attachment attach(UUID session, @Nullable String project);

    /**
     * Ends a session and retires its browser. Ending twice is fine: the first reason stands.
     *
     * @param project null for Hearth's own endings
     */
    Ending end(UUID session, @Nullable String project, EndReason reason);

    /** Ends up to {@code limit} sessions whose deadline has passed, each with the reason that was due. */
    List<Session> endOverdue(int limit);

    /** @param status live, ended, or both when null */
    record Filter(@Nullable Boolean live, EndReason.@Nullable Ending ending, int limit) {}

    /** Whether a session can be connected to. */
    sealed interface Attachment {
        record Open(Session session) implements Attachment {}

        record Over(Session session) implements Attachment {}

        record Unknown() implements Attachment {}
    }

    /** What ending a session did. */
    sealed interface Ending {
        record Ended(Session session) implements Ending {}

        record AlreadyEnded(Session session) implements Ending {}

        record Unknown() implements Ending {}
    }
}
