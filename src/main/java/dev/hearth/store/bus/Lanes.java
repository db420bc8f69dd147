package dev.hearth.store.bus;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Who goes when. While no lane is busy nobody waits; else arrivals queue, and the lane that comes back takes all of them:
 * groups grow with the load by themselves. Who has waited for too long starts another lane, so that a slow group holds
 * nobody up for longer than that. Pure, and not for several threads at once.
 */
final class Lanes<R> {
    private final BusSettings settings;
    /** In the order of arrival. */
    private final LinkedHashSet<R> queue = new LinkedHashSet<>();

    private int busy;
    private boolean closed;

    Lanes(BusSettings settings) {
        this.settings = settings;
    }

    /** What an arrival has to do. */
    enum Arrival {
        /** A lane is the arrival's to start; it is busy from now on, until it finds nobody. */
        START,
        /** A busy lane will come by. */
        WAIT,
        /** Nothing goes any more. */
        CLOSED
    }

    Arrival arrive(R rider) {
        if (closed) {
            return Arrival.CLOSED;
        }
        queue.add(rider);
        if (busy > 0) {
            return Arrival.WAIT;
        }
        busy++;
        return Arrival.START;
    }

    /** True: the rider has waited long enough, and a further lane is its to start, as on {@link Arrival#START}. */
    boolean insist(R rider) {
        if (busy == settings.lanes() || !queue.contains(rider)) {
            return false;
        }
        busy++;
        return true;
    }

    /** Whom a busy lane takes now, first come first; nobody: the lane is free again. */
    List<R> next() {
        var group = new ArrayList<R>();
        for (var rider = queue.iterator(); rider.hasNext() && group.size() < settings.group(); ) {
            group.add(rider.next());
            rider.remove();
        }
        if (group.isEmpty()) {
            busy--;
        }
        return group;
    }

    /** True: nothing was done for it, and nothing will be. False: a lane has it, and its answer will come. */
    boolean leave(R rider) {
        return queue.remove(rider);
    }

    /** Those who wait; none of them goes any more. */
    List<R> clear() {
        var left = List.copyOf(queue);
        queue.clear();
        return left;
    }

    /** Those who will not go any more. Groups on their way arrive. */
    List<R> close() {
        closed = true;
        return clear();
    }

    boolean isClosed() {
        return closed;
    }

    int waiting() {
        return queue.size();
    }

    boolean isIdle() {
        return busy == 0;
    }
}
