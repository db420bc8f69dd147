package dev.hearth.claim;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sessions after their claim: found, connected to, ended. A session of another project is never found. */
public interface SessionStore {
    /**
     * Live or ended (as long as history is kept). Unlike {@link #attach}, moves no deadline.
     *
     * @param project null where the caller proved its right by a signature over the session's id
     */
    Optional<Session> find(@Nullable String project, UUID session);

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

    /** How long the project's sessions have held browsers, together, as far back as history is kept. */
    Duration browserTime(String project);

    /** What passed the guards of the project's browsers, as far back as history is kept. */
    long proxyBytes(String project);

    /**
     * @param live live, ended, or both when null
     * @param metadata a JSON object that the session's own must contain; null: any
     */
    record Filter(
            @Nullable Boolean live,
            EndReason.@Nullable Ending ending,
            int limit,
            @Nullable String metadata) {
        public Filter(@Nullable Boolean live, EndReason.@Nullable Ending ending, int limit) {
            this(live, ending, limit, null);
        }
    }

    /** Whether a session can be connected to. */
    sealed interface Attachment {
        /** @param settings what the session's pages must be like, as its claim gave it; null: nothing special */
        record Open(Session session, @Nullable String settings) implements Attachment {
            public Open(Session session) {
                this(session, null);
            }

            /** Settings may hold a proxy's password. */
            @Override
            public String toString() {
                return "Open[" + session.id() + "]";
            }
        }

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
