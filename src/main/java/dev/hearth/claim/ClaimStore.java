package dev.hearth.claim;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Gives warm browsers away, each to one session. */
public interface ClaimStore {
    /**
     * One outcome per request, in the order of the requests; one transaction where one database serves all.
     *
     * @throws StoreException where the database cannot be asked, or its answer was lost: see {@link StoreException.Kind}
     */
    List<ClaimOutcome> claim(List<ClaimRequest> group);

    /** Whether the region's database was away when it was asked last. For words about a claim, not to decide on it. */
    default boolean isAway(String region) {
        return false;
    }

    /** An id for a session that is wanted in this region first. */
    default UUID mint(String region, Instant now) {
        return SessionIds.mint(0, now);
    }
}
