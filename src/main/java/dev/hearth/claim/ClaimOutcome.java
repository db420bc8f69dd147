package dev.hearth.claim;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What became of a claim. Refusals are values: only a broken store throws. */
public sealed interface ClaimOutcome {
    /** @param replayed the session was made by an earlier request with the same Idempotency-Key */
    record Granted(Session session, boolean replayed) implements ClaimOutcome {}

    /**
     * @param starting browsers of the candidate pools that are on their way
     * @param ready when the first of them is expected, by how long starts of its pool took lately; null: nobody knows
     */
    record NoneWarm(int starting, @Nullable Duration ready) implements ClaimOutcome {
        public NoneWarm(int starting) {
            this(starting, null);
        }
    }

    record OverQuota(Scope scope, int used, int limit) implements ClaimOutcome {}

    /**
     * The project makes sessions faster than it may.
     *
     * @param perMinute what it may make
     * @param reset until it may make the next one
     */
    record OverRate(int perMinute, Duration reset) implements ClaimOutcome {}

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
