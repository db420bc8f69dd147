package dev.hearth.pool;

/**
 * How many browsers stand where.
 *
 * @param warm claimable ones, whatever their revision
 * @param updated unclaimed ones of the current revision, {@code updatedWarm} of them warm
 */
public record PoolCounts(int warm, int starting, int claimed, int retiring, int failed, int updated, int updatedWarm) {

    public int unclaimed() {
        return warm + starting;
    }

    /** Rows of any kind. */
    public int all() {
        return warm + starting + claimed + retiring + failed;
    }
}
