package dev.hearth.claim;

/** What became of a claim. Refusals are values: only a broken store throws. */
public sealed interface ClaimOutcome {
    /** @param replayed the session was made by an earlier request with the same Idempotency-Key */
    record Granted(Session session, boolean replayed) implements ClaimOutcome {}

    /** @param starting browsers of the candidate pools that are on their way */
    record NoneWarm(int starting) implements ClaimOutcome {}

    record OverQuota(Scope scope, int used, int limit) implements ClaimOutcome {}

    /** The Idempotency-Key came with another request before. */
    record KeyReused() implements ClaimOutcome {}

    /** The first request with this Idempotency-Key has not been answered yet. */
    record KeyInProgress() implements ClaimOutcome {}

    /** This request broke where others of its group did not, so the group's answer cannot be thrown. */
    record Failed(StoreException cause) implements ClaimOutcome {}

    /** Whose limit was reached. */
    enum Scope {
        PROJECT,
        POOL
    }
}
