package dev.hearth.claim;

import java.util.Locale;

/** Why a region serves a claim. */
public enum Reason {
    /** The claim names the region, or a pool that is there. */
    ASKED,
    /** Of the regions that may serve it this one is nearest to the client, or to the gateway where nobody placed the client. */
    NEAREST,
    /** The gateway's own. */
    OWN,
    /** None of the others is known to be nearer. */
    ANY,
    /** The region before had no browser to give. */
    FALLBACK_EMPTY,
    /** The beats of the region before lag: what is known of its browsers is old. */
    FALLBACK_LAGGING,
    /** The database of the region before does not answer. */
    FALLBACK_UNAVAILABLE,
    /** The session was made by an earlier request with the same Idempotency-Key. */
    REPLAYED;

    /** As clients read it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * What became of a claim's first choice. Pure.
     *
     * @param first why the claim wanted the region {@code wanted} first
     * @param served where it was served
     * @param lagging whether {@code wanted} was put last for its lag
     * @param away whether the database of {@code wanted} is away
     */
    public static Reason of(Reason first, String wanted, String served, boolean lagging, boolean away) {
        if (served.equals(wanted)) {
            return first;
        }
        if (lagging) {
            return FALLBACK_LAGGING;
        }
        return away ? FALLBACK_UNAVAILABLE : FALLBACK_EMPTY;
    }
}
