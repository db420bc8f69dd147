package dev.hearth.store.bus;

import dev.hearth.claim.StoreException;
import dev.hearth.claim.StoreException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Groups what several threads ask for at the same time. Lanes have threads of their own: a caller that is interrupted takes
 * nothing away from the others of its group, not even their connection.
 */
public final class Bus<Q, A> implements AutoCloseable {
    private final Function<List<Q>, List<A>> work;
    private final Duration patience;
    private final Duration hold;
    private final Duration pace;
    private final boolean off;
    private final Lanes<Ride<Q, A>> lanes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Condition closing = lock.newCondition();

    /**
     * @param pace from one group of a lane to its next, at least
     * @param work one answer per request, in their order; all or nothing where it throws
     * @param patience how long a request waits for a lane before it is refused
     */
    public Bus(BusSettings settings, Duration pace, Duration patience, Function<List<Q>, List<A>> work) {
        this.work = work;
        this.patience = patience;
        this.hold = settings.hold();
        this.pace = pace;
        this.off = settings.isOff();
        this.lanes = new Lanes<>(settings);
    }

    private record Ride<Q, A>(Q request, CompletableFuture<A> answer) {
        /** Two that ask for the same are two. */
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** Blocks until the answer is there. Once a lane has the request its answer is waited for, come what may. */
    public A ask(Q request) {
        if (off) {
            return work.apply(List.of(request)).getFirst();
        }
        var ride = new Ride<Q, A>(request, new CompletableFuture<>());
        var held = false;
        switch (locked(() -> lanes.arrive(ride))) {
            case START -> startLane();
            case WAIT -> held = hold.compareTo(patience) < 0;
            case CLOSED -> throw closed();
        }
        try {
            return held ? afterHold(ride) : ride.answer().get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return unlessStillQueued(ride, e);
        } catch (InterruptedException e) {
            try {
                return unlessStillQueued(ride, e);
            } finally {
                Thread.currentThread().interrupt();
            }
        } catch (ExecutionException e) {
            throw asThrownHere(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    private A afterHold(Ride<Q, A> ride) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return ride.answer().get(hold.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException stillHeld) {
            if (locked(() -> lanes.insist(ride))) {
                startLane();
            }
            return ride.answer().get(patience.minus(hold).toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void startLane() {
        Thread.ofVirtual().name("bus-lane").start(this::drive);
    }

    private A unlessStillQueued(Ride<Q, A> ride, Exception cause) {
        if (locked(() -> lanes.leave(ride))) {
            throw new StoreException(Kind.UNAVAILABLE, "the database had no time for this request", cause);
        }
        try {
            return ride.answer().join();
        } catch (CompletionException e) {
            throw asThrownHere(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    private void drive() {
        for (var group = next(); !group.isEmpty(); group = next()) {
            var begun = System.nanoTime();
            carry(group);
            rest(pace.toNanos() - (System.nanoTime() - begun));
        }
    }

    /** The lane counts as busy: who arrives meanwhile goes together. */
    private void rest(long nanos) {
        lock.lock();
        try {
            while (nanos > 0 && !lanes.isClosed()) {
                nanos = closing.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a lane", e);
        } finally {
            lock.unlock();
        }
    }

    private List<Ride<Q, A>> next() {
        return locked(() -> {
            var group = lanes.next();
            if (lanes.isIdle()) {
                idle.signalAll();
            }
            return group;
        });
    }

    private void carry(List<Ride<Q, A>> group) {
        try {
            var answers = work.apply(group.stream().map(Ride::request).toList());
            for (var i = 0; i < group.size(); i++) {
                group.get(i).answer().complete(answers.get(i));
            }
        } catch (RuntimeException | Error failure) {
            // An Error too is an answer: who waits for a lane that died would wait for ever.
            if (group.size() > 1 && Blame.mayBeOneMembers(failure)) {
                group.forEach(ride -> carry(List.of(ride)));
            } else {
                refuse(group, failure);
            }
            if (failure instanceof StoreException store && store.isAway()) {
                refuse(locked(lanes::clear), failure);
            }
        }
    }

    private void refuse(List<Ride<Q, A>> rides, Throwable failure) {
        rides.forEach(ride -> ride.answer().completeExceptionally(failure));
    }

    /** With the caller's own stack: several callers may share one cause. */
    private static RuntimeException asThrownHere(Throwable cause) {
        return switch (cause) {
            case StoreException store -> new StoreException(store.kind(), String.valueOf(store.getMessage()), store);
            case RuntimeException other -> new IllegalStateException("a group of requests failed", other);
            default -> new StoreException(Kind.OUTCOME_UNKNOWN, "a group of requests was given up", cause);
        };
    }

    private static StoreException closed() {
        return new StoreException(
                Kind.UNAVAILABLE, "the store is closed", new IllegalStateException("asked after the bus was closed"));
    }

    /** Those for whom no lane came by yet. */
    public int waiting() {
        return locked(lanes::waiting);
    }

    /** Refuses who still waits, and waits for the groups on their way: their answers are wanted. */
    @Override
    public void close() {
        refuse(locked(lanes::close), closed());
        lock.lock();
        try {
            closing.signalAll();
            var left = patience.toNanos();
            while (!lanes.isIdle() && left > 0) {
                left = idle.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private <T> T locked(Supplier<T> decision) {
        lock.lock();
        try {
            return decision.get();
        } finally {
            lock.unlock();
        }
    }
}
