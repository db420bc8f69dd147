package dev.hearth.pool;

import java.util.ArrayList;
import java.util.List;

/** Splits creations into batches of 1, 2, 4 …: where the first is refused, one request was wasted, not hundreds. */
public final class SlowStart {
    /** A larger batch saves little and holds more requests open at the API server at once. */
    private static final int LARGEST = 32;

    private SlowStart() {}

    public static List<Integer> batches(int count) {
        var batches = new ArrayList<Integer>();
        for (int left = count, size = 1; left > 0; left -= size, size = Math.min(size * 2, LARGEST)) {
            batches.add(Math.min(size, left));
        }
        return batches;
    }
}
