package dev.hearth.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/**
 * What clients saw: who held which browser from the answer to the claim until it began to give it back. Checked when all is
 * over, so that the checking disturbs nothing.
 */
final class ClaimHistory {
    private final Queue<Holding> holdings = new ConcurrentLinkedQueue<>();

    Holding claimed(UUID browser, UUID session) {
        var holding = new Holding(browser, session, System.nanoTime());
        holdings.add(holding);
        return holding;
    }

    int claims() {
        return holdings.size();
    }

    /** Browsers that two held at the same time, each pair once. */
    List<String> doubles() {
        var doubles = new ArrayList<String>();
        holdings.stream()
                .collect(Collectors.groupingBy(holding -> holding.browser))
                .values()
                .forEach(held -> {
                    held.sort(Comparator.comparingLong(holding -> holding.from));
                    for (var i = 1; i < held.size(); i++) {
                        if (held.get(i).from < held.get(i - 1).until) {
                            doubles.add(held.get(i).browser + " held by " + held.get(i - 1).session + " and "
                                    + held.get(i).session);
                        }
                    }
                });
        return doubles;
    }

    /** How many were held at once at most. */
    int most() {
        record Step(long at, int by) {}
        var steps = new ArrayList<Step>();
        holdings.forEach(holding -> {
            steps.add(new Step(holding.from, 1));
            steps.add(new Step(holding.until, -1));
        });
        steps.sort(Comparator.comparingLong(Step::at).thenComparingInt(Step::by));
        var now = 0;
        var most = 0;
        for (var step : steps) {
            now += step.by();
            most = Math.max(most, now);
        }
        return most;
    }

    static final class Holding {
        final UUID browser;
        final UUID session;
        private final long from;
        private volatile long until = Long.MAX_VALUE;

        private Holding(UUID browser, UUID session, long from) {
            this.browser = browser;
            this.session = session;
            this.from = from;
        }

        /** Call before the release is sent: from then on somebody else may rightly have the browser. */
        void givesBack() {
            until = System.nanoTime();
        }
    }
}
