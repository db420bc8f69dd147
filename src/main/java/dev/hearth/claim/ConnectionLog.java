package dev.hearth.claim;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who held exclusive sessions, and when. A record beside the session, for those who look for a free one: what it says may
 * be a moment old, and only the browser's agent decides who gets in.
 */
public interface ConnectionLog {
    /** After the agent let the client in. */
    void began(UUID session, UUID connection);

    /**
     * After its sockets closed; a connection that is not known is fine.
     *
     * @param held from after its beginning was recorded to before its agent was told of its end. Measured so, no record of
     *     a connection overlaps the next one's, however late either is written
     */
    void ended(UUID session, UUID connection, Duration held);

    Optional<Connection> last(UUID session);

    /** With the last connection of each; newest first, live ones before ended ones. */
    List<Held> list(String project, Filter filter);

    /** @param metadata the session's, exactly as it was claimed @param live live or ended only; null: both */
    record Filter(String metadata, @Nullable Boolean live, int limit, int offset) {}

    /** @param connection null: nobody ever connected */
    record Held(Session session, @Nullable Connection connection) {}

    /** @param endedAt null: it is open, by the word of a gateway that lives */
    record Connection(UUID id, Instant startedAt, @Nullable Instant endedAt) {}
}
