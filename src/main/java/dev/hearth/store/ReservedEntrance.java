package dev.hearth.store;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimOutcome.Failed;
import dev.hearth.claim.ClaimOutcome.Granted;
import dev.hearth.claim.ClaimOutcome.KeyInProgress;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionListener;
import dev.hearth.claim.StoreException;
import dev.hearth.claim.StoreException.Kind;
import dev.hearth.store.Reservations.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets claims with an Idempotency-Key, or of a project with a limit, in by a reservation, and gives back what comes of none.
 * What fails to be given back, for the control database is away, {@link ReservationAudit} gives back later.
 */
final class ReservedEntrance implements Entrance, SessionListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReservedEntrance.class);

    private final Reservations reservations;
    private final LimitedProjects limited;
    private final Shards shards;
    private final LinkedBlockingQueue<UUID> over = new LinkedBlockingQueue<>();
    private final Thread clearing;

    ReservedEntrance(Reservations reservations, LimitedProjects limited, Shards shards) {
        this.reservations = reservations;
        this.limited = limited;
        this.shards = shards;
        this.clearing = Thread.ofVirtual().name("reservations").start(this::clear);
    }

    @Override
    public ClaimOutcome through(ClaimRequest request, UUID session, Function<Turn, ClaimOutcome> claim) {
        if (request.idempotency() == null && !limited.contains(request.project())) {
            return claim.apply((_, _) -> true);
        }
        return switch (reservations.enter(request, session)) {
            case Entry.Refused(var outcome) -> outcome;
            case Entry.Entered _ -> entered(session, claim);
            case Entry.Known known -> known(known, request, session, claim);
        };
    }

    private ClaimOutcome entered(UUID first, Function<Turn, ClaimOutcome> claim) {
        var asked = new ArrayList<UUID>();
        asked.add(first);
        var outcome = claim.apply((next, before) -> {
            var turned = reservations.turnTo(next, before);
            if (turned) {
                asked.add(next);
            }
            return turned;
        });
        var isKept = switch (outcome) {
            case Granted(var session, var _) -> Reservations.of(session.id()).equals(Reservations.of(first));
            case Failed(var cause) -> cause.kind() == Kind.OUTCOME_UNKNOWN;
            default -> false;
        };
        if (!isKept) {
            quietly(() -> reservations.withdraw(asked.getLast()));
        }
        return outcome;
    }

    private ClaimOutcome known(
            Entry.Known known, ClaimRequest request, UUID session, Function<Turn, ClaimOutcome> claim) {
        var settled = settled(known, request);
        if (settled.isPresent()) {
            return settled.get();
        }
        var dead = request.among(request.candidates(), known.session());
        var fate = shards.ask(
                known.session(), _ -> false, shard -> shard.directClaims().bury(dead));
        if (fate.isPresent()) {
            return fate.get();
        }
        return reservations.takeOver(known.session(), session) ? entered(session, claim) : new KeyInProgress();
    }

    /** Empty: whoever claimed with this key before is gone, and left nothing that is known of. */
    private Optional<ClaimOutcome> settled(Entry.Known known, ClaimRequest request) {
        var made = shards.ask(
                known.session(), Optional::isEmpty, shard -> shard.sessions().find(request.project(), known.session()));
        return made.<ClaimOutcome>map(session -> new Granted(session, true))
                .or(() -> known.stale() ? Optional.empty() : Optional.of(new KeyInProgress()));
    }

    @Override
    public Optional<ClaimOutcome> replay(ClaimRequest request) {
        return switch (reservations.look(request)) {
            case Entry.Refused(var outcome) -> Optional.of(outcome);
            case Entry.Known known -> settled(known, request);
            case null, default -> Optional.empty();
        };
    }

    /** Only noted: whoever ended the session waits. */
    @Override
    public void ended(Session session) {
        over.add(session.id());
    }

    private void clear() {
        try {
            while (true) {
                var ended = new ArrayList<UUID>();
                ended.add(over.take());
                over.drainTo(ended);
                release(ended);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** At once, so that the client that gave it back finds its place free. */
    void release(List<UUID> ended) {
        quietly(() -> reservations.release(ended));
    }

    @Override
    public void close() {
        clearing.interrupt();
    }

    private static void quietly(Runnable work) {
        try {
            work.run();
        } catch (StoreException away) {
            LOG.atDebug().setCause(away).log("a reservation is given back later");
        }
    }
}
