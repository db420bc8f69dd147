package dev.hearth.gateway;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.StoreException;
import dev.hearth.claim.Vacancies.Vacancy;
import dev.hearth.claim.WaitingLine;
import dev.hearth.claim.WaitingLine.Bounds;
import dev.hearth.claim.WaitingLine.Entry;
import dev.hearth.claim.WaitingLine.Waiter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The line of a waiting room for several threads: who stands in it, and what becomes of each. Holds no lock for long. */
final class WaitingPlaces {
    private final WaitingLine line;
    private final Map<Waiter, WaitingPlace> places = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long tickets;

    WaitingPlaces(Bounds bounds) {
        this.line = new WaitingLine(bounds);
    }

    /** A place, or why there is none. */
    sealed interface Entered {
        record At(WaitingPlace place) implements Entered {}

        record Full(Entry entry) implements Entered {}
    }

    /** @param pools what is looked at @param projects for whom */
    record Wanted(Set<UUID> pools, Set<String> projects) {}

    Entered enter(ClaimRequest request, Instant until) {
        return locked(() -> {
            var pools = request.candidates().stream()
                    .map(ClaimRequest.Candidate::pool)
                    .toList();
            var waiter = new Waiter(tickets++, request.project(), pools, until);
            var entry = line.enter(waiter);
            if (!(entry instanceof Entry.Entered(var position))) {
                return new Entered.Full(entry);
            }
            var place = new WaitingPlace(waiter, request, position);
            places.put(waiter, place);
            changed.signal();
            return new Entered.At(place);
        });
    }

    /** Who is being claimed for right now is settled as if it had stayed: what it got, its request gives back. */
    void leave(WaitingPlace place) {
        locked(() -> {
            place.leave();
            if (!place.isClaiming()) {
                end(place, new WaitingPlace.Result.Left(place.position()));
            }
            return place;
        });
    }

    int waiting() {
        return locked(line::size);
    }

    void awaitSomebody() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (line.isEmpty()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** @param endedByNewcomers what they want may be there */
    void pause(Duration pause, boolean endedByNewcomers) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            var left = pause.toNanos();
            do {
                left = changed.awaitNanos(left);
            } while (left > 0 && !endedByNewcomers);
        } finally {
            lock.unlock();
        }
    }

    /** Of all who are here now; a look for them follows. */
    Wanted wanted() {
        return locked(() -> {
            var wanted = new Wanted(new HashSet<>(), new HashSet<>());
            places.values().forEach(WaitingPlace::lookedFor);
            line.waiters().forEach(waiter -> {
                wanted.pools().addAll(waiter.pools());
                wanted.projects().add(waiter.project());
            });
            return wanted;
        });
    }

    /** Those who are to be claimed for now; they are until they are settled. */
    List<WaitingPlace> turns(Vacancy found, int most) {
        return locked(() -> {
            var turns = line.next(found).stream().limit(most).map(this::place).toList();
            turns.forEach(place -> place.claiming(true));
            return turns;
        });
    }

    /** Who came during the look is not among them: nobody knows yet why he waited in vain. */
    void endThoseTooLate(Instant now, Duration claimTakes, Function<WaitingPlace, WaitingPlace.Result> inVain) {
        locked(() -> {
            var late = line.tooLate(now, claimTakes).stream()
                    .map(this::place)
                    .filter(WaitingPlace::isLookedFor)
                    .toList();
            late.forEach(place -> end(place, inVain.apply(place)));
            return late;
        });
    }

    /** @param outcome null where the claim was not made: it waits on */
    void settle(WaitingPlace place, @Nullable ClaimOutcome outcome, long nanos) {
        locked(() -> {
            place.claiming(false);
            switch (outcome) {
                case ClaimOutcome.NoneWarm _, ClaimOutcome.OverQuota _, ClaimOutcome.OverRate _ -> endIfLeft(place);
                case null -> endIfLeft(place);
                // One of several shards is away: it may be back before the wait is over.
                case ClaimOutcome.Failed(var cause)
                when cause.kind() == StoreException.Kind.UNAVAILABLE -> endIfLeft(place);
                case ClaimOutcome settled -> {
                    line.served(place.waiter());
                    places.remove(place.waiter());
                    place.settle(new WaitingPlace.Result.Settled(settled, place.position(), nanos));
                }
            }
            return place;
        });
    }

    void endAll(List<WaitingPlace> some, WaitingPlace.Result result) {
        locked(() -> {
            some.forEach(place -> end(place, result));
            return some;
        });
    }

    void endAll(WaitingPlace.Result result) {
        endAll(locked(() -> List.copyOf(places.values())), result);
    }

    private void endIfLeft(WaitingPlace place) {
        if (place.hasLeft()) {
            end(place, new WaitingPlace.Result.Left(place.position()));
        }
    }

    private void end(WaitingPlace place, WaitingPlace.Result result) {
        if (line.leave(place.waiter())) {
            places.remove(place.waiter());
            place.settle(result);
        }
    }

    private WaitingPlace place(Waiter waiter) {
        var place = places.get(waiter);
        if (place == null) {
            throw new IllegalStateException("somebody is in the line without a place");
        }
        return place;
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
