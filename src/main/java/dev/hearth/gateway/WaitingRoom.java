package dev.hearth.gateway;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimPace;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.ClaimStore;
import dev.hearth.claim.StoreException;
import dev.hearth.claim.StoreException.Kind;
import dev.hearth.claim.Vacancies;
import dev.hearth.claim.Vacancies.Vacancy;
import dev.hearth.claim.WaitingLine;
import dev.hearth.claim.WaitingLine.Bounds;
import dev.hearth.claim.WaitingLine.Entry;
import dev.hearth.claim.WaitingLine.Waiter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where claims wait for a browser. One thread looks for vacancies while somebody waits, and claims for those whose turn it
 * is, all of them in one transaction: however many wait, a gateway asks once. Other gateways do the same; between them
 * whoever claims first has the browser.
 */
public final class WaitingRoom implements AutoCloseable {
    /** Longer: browsers stand warm while somebody waits for them. Shorter: looks that find nothing (adr/0006). */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(25);
    /** While the store is away, knocking more often does not bring it back. */
    private static final Duration BETWEEN_KNOCKS = Duration.ofMillis(250);
    /** More in one transaction keep its rows locked for longer. */
    private static final int GROUP = 64;

    private static final Logger LOG = LoggerFactory.getLogger(WaitingRoom.class);

    private final ClaimStore store;
    private final Vacancies vacancies;
    private final GatewayState state;
    private final InstantSource clock;
    private final ClaimPace pace = new ClaimPace();
    private final WaitingLine line;
    private final Map<Waiter, WaitingPlace> places = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread usher;
    private Vacancy seen = new Vacancy(Map.of(), Map.of());
    private @Nullable StoreException away;
    private long tickets;

    public WaitingRoom(ClaimStore store, Vacancies vacancies, GatewayState state, InstantSource clock, Bounds bounds) {
        this.store = store;
        this.vacancies = vacancies;
        this.state = state;
        this.clock = clock;
        this.line = new WaitingLine(bounds);
        this.usher = Thread.ofPlatform().daemon().name("waiting-room").start(this::usher);
    }

    /** Blocks until the claim is settled, the wait is over or the client has left. */
    WaitingPlace.Result claim(ClaimRequest request, Patience patience) {
        var keyed = request.idempotency() == null ? null : replay(request);
        if (keyed != null) {
            return keyed;
        }
        WaitingPlace place;
        lock.lock();
        try {
            var waiter = new Waiter(
                    tickets++,
                    request.project(),
                    request.candidates().stream()
                            .map(ClaimRequest.Candidate::pool)
                            .toList(),
                    clock.instant().plus(patience.waitTimeout()));
            if (state.draining()) {
                return new WaitingPlace.Result.Draining();
            }
            var entry = line.enter(waiter);
            if (!(entry instanceof Entry.Entered(var position))) {
                return new WaitingPlace.Result.Full(entry);
            }
            place = new WaitingPlace(waiter, request, position);
            places.put(waiter, place);
            changed.signal();
        } finally {
            lock.unlock();
        }
        patience.presence().whenGone(() -> leave(place));
        return place.await();
    }

    private WaitingPlace.@Nullable Result replay(ClaimRequest request) {
        try {
            return vacancies
                    .replay(request)
                    .map(outcome -> new WaitingPlace.Result.Settled(outcome, 0, 0))
                    .orElse(null);
        } catch (StoreException broken) {
            return new WaitingPlace.Result.Broken(broken);
        }
    }

    /** Who is being claimed for right now is settled as if it had stayed: what it got, its request gives back. */
    private void leave(WaitingPlace place) {
        lock.lock();
        try {
            place.leave();
            if (!place.isClaiming()) {
                end(place, new WaitingPlace.Result.Left());
            }
        } finally {
            lock.unlock();
        }
    }

    public int waiting() {
        lock.lock();
        try {
            return line.size();
        } finally {
            lock.unlock();
        }
    }

    private void usher() {
        try {
            while (true) {
                awaitSomebody();
                var pause = BETWEEN_LOOKS;
                try {
                    round();
                    away = null;
                } catch (StoreException failed) {
                    away = failed;
                    pause = BETWEEN_KNOCKS;
                    if (failed.kind() == Kind.BROKEN) {
                        // Asking again would break again: nobody must wait for that.
                        LOG.atError().setCause(failed).log("waiting claims cannot be served");
                        endAll(new WaitingPlace.Result.Broken(failed));
                    }
                } catch (RuntimeException broken) {
                    LOG.atError().setCause(broken).log("waiting claims were not served this time");
                    pause = BETWEEN_KNOCKS;
                }
                pause(pause);
            }
        } catch (InterruptedException closed) {
            endAll(new WaitingPlace.Result.Draining());
        }
    }

    private void awaitSomebody() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (line.isEmpty()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A newcomer ends the pause: what it wants may be there. */
    private void pause(Duration pause) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            var woken = changed.await(pause.toNanos(), TimeUnit.NANOSECONDS);
            if (woken && away != null) {
                changed.await(pause.toNanos(), TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private void round() {
        endThoseTooLate();
        if (state.draining()) {
            endAll(new WaitingPlace.Result.Draining());
            return;
        }
        var begun = System.nanoTime();
        var found = look();
        var turns = turns(found);
        if (!turns.isEmpty()) {
            claim(turns, begun);
        }
    }

    private void endThoseTooLate() {
        lock.lock();
        try {
            var late = line.tooLate(clock.instant(), pace.expected());
            late.forEach(waiter -> end(place(waiter), inVain(place(waiter))));
        } finally {
            lock.unlock();
        }
    }

    private WaitingPlace.Result inVain(WaitingPlace place) {
        return away == null
                ? new WaitingPlace.Result.InVain(place.why(seen), place.position(), place.waitedMillis())
                : new WaitingPlace.Result.Broken(away);
    }

    private Vacancy look() {
        var pools = new LinkedHashSet<UUID>();
        var projects = new LinkedHashSet<String>();
        lock.lock();
        try {
            line.waiters().forEach(waiter -> {
                pools.addAll(waiter.pools());
                projects.add(waiter.project());
            });
        } finally {
            lock.unlock();
        }
        return vacancies.look(pools, projects);
    }

    private List<WaitingPlace> turns(Vacancy found) {
        lock.lock();
        try {
            seen = found;
            var turns = line.next(found).stream().limit(GROUP).map(this::place).toList();
            turns.forEach(place -> place.claiming(true));
            return turns;
        } finally {
            lock.unlock();
        }
    }

    private void claim(List<WaitingPlace> turns, long begun) {
        List<ClaimOutcome> outcomes;
        try {
            outcomes = store.claim(turns.stream().map(WaitingPlace::request).toList());
        } catch (StoreException broken) {
            settleBroken(turns, broken);
            throw broken;
        } catch (RuntimeException broken) {
            settle(turns, Collections.nCopies(turns.size(), null), 0);
            throw broken;
        }
        var nanos = System.nanoTime() - begun;
        pace.took(Duration.ofNanos(nanos));
        settle(turns, outcomes, nanos);
    }

    /** Nothing was done: they wait on. Otherwise nobody knows, or trying again would break again. */
    private void settleBroken(List<WaitingPlace> turns, StoreException broken) {
        lock.lock();
        try {
            for (var place : turns) {
                place.claiming(false);
                if (broken.kind() != Kind.UNAVAILABLE) {
                    end(place, new WaitingPlace.Result.Broken(broken));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void settle(List<WaitingPlace> turns, List<? extends @Nullable ClaimOutcome> outcomes, long nanos) {
        lock.lock();
        try {
            for (var i = 0; i < turns.size(); i++) {
                var place = turns.get(i);
                place.claiming(false);
                switch (outcomes.get(i)) {
                    case ClaimOutcome.NoneWarm _, ClaimOutcome.OverQuota _, ClaimOutcome.OverRate _ -> endIfLeft(place);
                    case null -> endIfLeft(place);
                    case ClaimOutcome settled -> {
                        line.served(place.waiter());
                        places.remove(place.waiter());
                        place.settle(new WaitingPlace.Result.Settled(settled, place.position(), nanos));
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void endIfLeft(WaitingPlace place) {
        if (place.hasLeft()) {
            end(place, new WaitingPlace.Result.Left());
        }
    }

    private void endAll(WaitingPlace.Result result) {
        lock.lock();
        try {
            List.copyOf(places.values()).forEach(place -> end(place, result));
        } finally {
            lock.unlock();
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

    @Override
    public void close() {
        usher.interrupt();
    }
}
