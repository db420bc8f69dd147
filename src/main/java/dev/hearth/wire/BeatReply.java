package dev.hearth.wire;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What Postgres says about a browser, in answer to its beat. This is what fences: an agent whose epoch is lower adopts
 * this one, and {@code ended} makes it cut every socket and stop Chrome.
 *
 * @param remainingMillis until the session's hard end, on the agent's own monotonic clock from receipt; -1 without a session
 * @param idleMillis how long the session may be without a client's command; 0: idleness never ends it
 * @param awaitedMillis how long the session has waited for its first client, who counts as idle for so long; 0: somebody came
 */
public record BeatReply(
        UUID browser,
        long sequence,
        long epoch,
        @Nullable UUID session,
        long remainingMillis,
        long idleMillis,
        long awaitedMillis,
        boolean ended) {}
