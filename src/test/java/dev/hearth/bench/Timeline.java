package dev.hearth.bench;

import dev.hearth.bench.fleet.Latencies;
import java.util.ArrayList;
import java.util.List;

/** Durations by the second in which they ended. */
final class Timeline {
    private final List<Latencies> seconds = new ArrayList<>();
    private final long begun = System.nanoTime();

    /** @param from when it began, of {@link System#nanoTime} */
    synchronized void add(long from) {
        var now = System.nanoTime();
        second((int) ((now - begun) / 1_000_000_000L)).add(now - from);
    }

    private Latencies second(int number) {
        while (seconds.size() <= number) {
            seconds.add(new Latencies());
        }
        return seconds.get(number);
    }

    int now() {
        return (int) ((System.nanoTime() - begun) / 1_000_000_000L);
    }

    /** Milliseconds; 0 where nothing ended in that second. */
    synchronized double quantile(int second, double share) {
        return second(second).quantile(share);
    }

    synchronized long count(int second) {
        return second(second).count();
    }

    /** All that ended in these seconds, the last one left out. */
    synchronized Latencies between(int from, int to) {
        var all = new Latencies();
        for (var second = from; second < to; second++) {
            all.add(second(second));
        }
        return all;
    }

    synchronized List<Double> quantiles(int until, double share) {
        var figures = new ArrayList<Double>();
        for (var second = 0; second < until; second++) {
            figures.add(quantile(second, share));
        }
        return figures;
    }
}
