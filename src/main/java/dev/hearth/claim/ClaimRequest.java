package dev.hearth.claim;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One client's wish for a warm browser.
 *
 * @param session the id the session will have, in another region with that region's virtual shard; minted by the
 *     gateway, so that an unknown commit can be read back by it
 * @param candidates pools in order of preference, never empty
 * @param zone prefer browsers here inside a region; null: no preference
 * @param metadata a JSON object as text, kept as it is
 * @param settings what the session's pages must be like, as the agent reads it; null: nothing special
 * @param idempotency replays the first answer for the same key; null: every request is a new one
 */
public record ClaimRequest(
        UUID session,
        String project,
        List<Candidate> candidates,
        @Nullable String zone,
        String metadata,
        @Nullable Idempotency idempotency,
        @Nullable String settings) {

    public ClaimRequest {
        candidates = List.copyOf(candidates);
    }

    /** Of a session whose pages are as Chrome has them. */
    public ClaimRequest(
            UUID session,
            String project,
            List<Candidate> candidates,
            @Nullable String zone,
            String metadata,
            @Nullable Idempotency idempotency) {
        this(session, project, candidates, zone, metadata, idempotency, null);
    }

    /** The same wish, for these of its pools alone, under the id that its session has there. */
    public ClaimRequest among(List<Candidate> some, UUID id) {
        return new ClaimRequest(id, project, some, zone, metadata, idempotency, settings);
    }

    /** Settings may hold a proxy's password. */
    @Override
    public String toString() {
        return "ClaimRequest[session=" + session + ", project=" + project + "]";
    }

    /** A pool that may serve the request, where it is, and the session's terms if it does. */
    public record Candidate(UUID pool, String region, SessionTerms terms) {}

    /**
     * @param key the client's own, scoped to its project
     * @param fingerprint SHA-256 of the request's meaning: the same key with another one is refused
     */
    public record Idempotency(String key, byte[] fingerprint) {}
}
