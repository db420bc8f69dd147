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
 * @param proxyBytes that passed the browser's guard, as its last beat told; 0 where a claim or a connection asked
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
        @Nullable EndReason endReason,
        long proxyBytes) {

    /** Of a session whose browser goes out directly, or of whose traffic nothing is known here. */
    public Session(
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
        this(
                id, project, poolId, namespace, pool, region, zone, browser, podName, podUid, address, epoch, terms,
                metadata, startedAt, expiresAt, updatedAt, endedAt, endReason, 0);
    }

    public boolean isLive() {
        return endedAt == null;
    }
}
