package dev.hearth.bench;

import java.util.ArrayList;
import java.util.List;

/** Durations of one cell, in milliseconds. */
final class Sample {
    private final List<Double> millis = new ArrayList<>();

    void add(long nanos) {
        millis.add(nanos / 1e6);
    }

    int count() {
        return millis.size();
    }

    /** The value that this share of the sample does not exceed (nearest rank). */
    double quantile(double share) {
        var sorted = millis.stream().sorted().toList();
        return sorted.get(Math.clamp((int) Math.ceil(share * sorted.size()) - 1, 0, sorted.size() - 1));
    }

    double median() {
        return quantile(0.5);
    }

    /** A row of a Markdown table: name, n, median, p95, min, max. */
    String row(String name) {
        return "| %s | %d | %.1f | %.1f | %.1f | %.1f |"
                .formatted(name, count(), median(), quantile(0.95), quantile(0), quantile(1));
    }
}
