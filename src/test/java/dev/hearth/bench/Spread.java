package dev.hearth.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** One figure of a cell, measured once in each of its rounds. */
record Spread(double[] sorted) {
    static Spread of(DoubleStream rounds) {
        var sorted = rounds.toArray();
        Arrays.sort(sorted);
        return new Spread(sorted);
    }

    /** The lower of two in the middle: one that was measured. */
    double median() {
        return sorted[(sorted.length - 1) / 2];
    }

    double least() {
        return sorted[0];
    }

    double most() {
        return sorted[sorted.length - 1];
    }

    String text(String format) {
        return text(format, "");
    }

    /** "median (least–most)". @param format of each of the three @param unit of the first, with its percents doubled */
    String text(String format, String unit) {
        return String.format(
                Locale.ROOT, format + unit + " (" + format + "–" + format + ")", median(), least(), most());
    }
}
