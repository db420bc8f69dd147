package dev.hearth.claim;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a client holds from its claim to its end, live or ended. All times are Postgres' own.
 *
 * @param namespace of the pool; {@code project} is the client's, which may differ where a pool allows others
 * @param address where the browser's agent listens, {@code host:port}; never shown to clients
 * @param epoch the fencing number: a connection of a lower one is refused by the agent
 */
public record Session(
        UUID id,
        String project,
        UUID poolId,
        String namespace,
        String pool,
        String region,
        @Nullable String zone,
        UUID browser,
        String podName,
        String podUid,
        String address,
        long epoch,
        SessionTerms terms,
        String metadata,
        Instant startedAt,
        Instant expiresAt,
        Instant updatedAt,
        @Nullable Instant endedAt,
        @Nullable EndReason endReason) {

    public boolean isLive() {
        return endedAt == null;
    }
}
