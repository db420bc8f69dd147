package dev.hearth.claim;

import java.util.List;

/** Gives warm browsers away, each to one session. */
public interface ClaimStore {
    /**
     * One outcome per request, in the order of the requests, in one transaction.
     *
     * @throws StoreException where the database cannot be asked, or its answer was lost: see {@link StoreException.Kind}
     */
    List<ClaimOutcome> claim(List<ClaimRequest> group);
}
