package dev.hearth.gateway;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimPace;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.ClaimStore;
import dev.hearth.claim.StoreException;
import dev.hearth.claim.StoreException.Kind;
import dev.hearth.claim.Vacancies;
import dev.hearth.claim.Vacancies.Vacancy;
import dev.hearth.claim.WaitingLine.Bounds;
import dev.hearth.gateway.WaitingPlace.Result;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
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
    private final WaitingPlaces places;
    private final Thread usher;
    /** The usher's own, as what he saw last. */
    private Vacancy seen = new Vacancy(Map.of(), Map.of());

    private @Nullable StoreException away;

    public WaitingRoom(ClaimStore store, Vacancies vacancies, GatewayState state, InstantSource clock, Bounds bounds) {
        this.store = store;
        this.vacancies = vacancies;
        this.state = state;
        this.clock = clock;
        this.places = new WaitingPlaces(bounds);
        this.usher = Thread.ofPlatform().daemon().name("waiting-room").start(this::usher);
    }

    /** Blocks until the claim is settled, the wait is over or the client has left. */
    Result claim(ClaimRequest request, Patience patience) {
        var keyed = request.idempotency() == null ? null : replay(request);
        if (keyed != null) {
            return keyed;
        }
        if (state.draining()) {
            return new Result.Draining();
        }
        return switch (places.enter(request, clock.instant().plus(patience.waitTimeout()))) {
            case WaitingPlaces.Entered.Full(var entry) -> new Result.Full(entry);
            case WaitingPlaces.Entered.At(var place) -> {
                patience.presence().whenGone(() -> places.leave(place));
                yield place.await();
            }
        };
    }

    /** What a key settles needs no browser, and so no turn. */
    private @Nullable Result replay(ClaimRequest request) {
        try {
            return vacancies
                    .replay(request)
                    .map(outcome -> new Result.Settled(outcome, 0, 0))
                    .orElse(null);
        } catch (StoreException broken) {
            return new Result.Broken(broken);
        }
    }

    /** Nobody is let in any more; what a key settles still is. */
    boolean isClosing() {
        return state.draining();
    }

    public int waiting() {
        return places.waiting();
    }

    private void usher() {
        try {
            while (true) {
                places.awaitSomebody();
                var served = isServed();
                places.pause(served ? BETWEEN_LOOKS : BETWEEN_KNOCKS, served);
            }
        } catch (InterruptedException closed) {
            places.endAll(new Result.Draining());
        }
    }

    /** An exception that left here would leave everybody waiting. */
    private boolean isServed() {
        try {
            round();
            away = null;
            return true;
        } catch (StoreException failed) {
            away = failed;
            if (failed.kind() == Kind.BROKEN) {
                LOG.atError().setCause(failed).log("waiting claims cannot be served");
                // Asking again would break again: nobody must wait for that.
                places.endAll(new Result.Broken(failed));
            }
        } catch (RuntimeException broken) {
            LOG.atError().setCause(broken).log("waiting claims were not served this time");
        }
        return false;
    }

    private void round() {
        if (state.draining()) {
            places.endAll(new Result.Draining());
            return;
        }
        var begun = System.nanoTime();
        var wanted = places.wanted();
        try {
            seen = vacancies.look(wanted.pools(), wanted.projects());
        } catch (StoreException failed) {
            away = failed;
            throw failed;
        } finally {
            // Not before: who has no time left for a claim is told at least what there was.
            places.endThoseTooLate(clock.instant(), pace.expected(), this::inVain);
        }
        var turns = places.turns(seen, GROUP);
        if (!turns.isEmpty()) {
            claim(turns, begun);
        }
    }

    private Result inVain(WaitingPlace place) {
        return away == null
                ? new Result.InVain(place.why(seen), place.position(), place.waitedMillis())
                : new Result.Broken(away);
    }

    private void claim(List<WaitingPlace> turns, long begun) {
        List<ClaimOutcome> outcomes = List.of();
        try {
            outcomes = store.claim(turns.stream().map(WaitingPlace::request).toList());
            pace.took(Duration.ofNanos(System.nanoTime() - begun));
        } catch (StoreException broken) {
            if (broken.kind() != Kind.UNAVAILABLE) {
                // Nobody knows what was done, or trying again would break again.
                places.endAll(turns, new Result.Broken(broken));
            }
            throw broken;
        } finally {
            for (var i = 0; i < turns.size(); i++) {
                places.settle(turns.get(i), outcomes.isEmpty() ? null : outcomes.get(i), System.nanoTime() - begun);
            }
        }
    }

    @Override
    public void close() {
        usher.interrupt();
    }
}
