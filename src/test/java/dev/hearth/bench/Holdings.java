package dev.hearth.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** Who held which browser, from the answer to a claim until just before the release was sent. */
final class Holdings {
    private final Queue<Holding> all = new ConcurrentLinkedQueue<>();

    Holding begin(Contender.Held held) {
        var holding = new Holding(held);
        all.add(holding);
        return holding;
    }

    int claims() {
        return all.size();
    }

    boolean toldBrowsers() {
        return all.stream().allMatch(holding -> holding.held.browser() != null);
    }

    List<UUID> sessions() {
        return all.stream().map(holding -> holding.held.session()).toList();
    }

    /** Only those of these sessions. */
    Holdings among(Set<UUID> sessions) {
        var some = new Holdings();
        all.stream()
                .filter(holding -> sessions.contains(holding.held.session()))
                .forEach(some.all::add);
        return some;
    }

    /**
     * Claims that were given a browser while somebody held it.
     *
     * @param browsers by session, for those whose clients were not told
     */
    int doubles(Map<UUID, UUID> browsers) {
        var doubles = 0;
        for (var held : all.stream()
                .collect(Collectors.groupingBy(holding -> holding.browser(browsers)))
                .values()) {
            var inOrder = new ArrayList<>(held);
            inOrder.sort(Comparator.comparingLong(holding -> holding.from));
            var heldUntil = Long.MIN_VALUE;
            for (var holding : inOrder) {
                doubles += holding.from < heldUntil ? 1 : 0;
                heldUntil = Math.max(heldUntil, holding.until);
            }
        }
        return doubles;
    }

    static final class Holding {
        private final Contender.Held held;
        private final long from = System.nanoTime();
        private volatile long until = Long.MAX_VALUE;

        private Holding(Contender.Held held) {
            this.held = held;
        }

        Contender.Held ends() {
            until = System.nanoTime();
            return held;
        }

        private UUID browser(Map<UUID, UUID> browsers) {
            var told = held.browser();
            return told != null
                    ? told
                    : Objects.requireNonNull(browsers.get(held.session()), "a session that nobody knows voids the run");
        }
    }
}
