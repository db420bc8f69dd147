package dev.hearth.bench.fleet;

/** Millions of durations in a few kilobytes: counted by size, each within 1.6 % of what it was. One writer. */
public final class Latencies {
    private static final int STEPS = 6;

    private final long[] counts = new long[(64 - STEPS) << STEPS];
    private long total;

    public void add(long nanos) {
        counts[slot(Math.max(0, nanos))]++;
        total++;
    }

    public void add(Latencies others) {
        for (var slot = 0; slot < counts.length; slot++) {
            counts[slot] += others.counts[slot];
        }
        total += others.total;
    }

    public long count() {
        return total;
    }

    /** In milliseconds: what this share of them does not exceed. */
    public double quantile(double share) {
        var wanted = Math.max(1, (long) Math.ceil(share * total));
        var seen = 0L;
        for (var slot = 0; slot < counts.length; slot++) {
            seen += counts[slot];
            if (seen >= wanted) {
                return highest(slot) / 1e6;
            }
        }
        return 0;
    }

    private static int slot(long nanos) {
        var power = Math.max(0, 63 - STEPS - Long.numberOfLeadingZeros(nanos | 1));
        return power == 0 ? (int) Math.min(nanos, (1 << (STEPS + 1)) - 1) : (power << STEPS) + (int) (nanos >>> power);
    }

    private static long highest(int slot) {
        var power = Math.max(0, (slot >> STEPS) - 1);
        return power == 0 ? slot : ((slot - ((long) power << STEPS) + 1) << power) - 1;
    }
}
