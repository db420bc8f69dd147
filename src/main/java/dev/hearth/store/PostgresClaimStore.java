package dev.hearth.store;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimOutcome.Granted;
import dev.hearth.claim.ClaimOutcome.NoneWarm;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.ClaimStore;
import dev.hearth.claim.Session;
import dev.hearth.claim.StoreException;
import dev.hearth.claim.StoreException.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Claims of one shard. A group is one transaction: keys, counters where anything is limited, then the statement that takes browsers. */
final class PostgresClaimStore implements ClaimStore {
    /** How long a lost answer is looked for: long enough for a backend that still commits, short enough for a client. */
    private static final Duration READ_BACK = Duration.ofSeconds(2);

    private static final Duration READ_BACK_PAUSE = Duration.ofMillis(50);

    /** What requests that found every browser held by others may wait together, each at most 50 ms per browser. */
    private static final Duration WAITING = Duration.ofMillis(250);

    private final Sql sql;
    private final Shortcut shortcut = new Shortcut();

    PostgresClaimStore(Sql sql) {
        this.sql = sql;
    }

    @Override
    public List<ClaimOutcome> claim(List<ClaimRequest> group) {
        try {
            return withSecondLook(group, claimed(group, false));
        } catch (StoreException e) {
            if ((e.kind() != Kind.BROKEN && e.kind() != Kind.MOVED) || group.size() == 1) {
                throw e;
            }
            return group.stream().map(this::alone).toList();
        }
    }

    private ClaimOutcome alone(ClaimRequest request) {
        try {
            return claim(List.of(request)).getFirst();
        } catch (StoreException e) {
            return new ClaimOutcome.Failed(e);
        }
    }

    /** What its key alone settles; a request without one settles nothing. */
    Optional<ClaimOutcome> replay(ClaimRequest request) {
        return Optional.ofNullable(
                sql.inTransaction(statements -> IdempotencyKeys.reserve(statements, List.of(request)))
                        .get(request));
    }

    /** Empty: the session of this claim, which nobody has heard of, will never be; else what became of it. */
    Optional<ClaimOutcome> bury(ClaimRequest dead) {
        return sql.inTransaction(statements -> IdempotencyKeys.bury(statements, dead));
    }

    private List<ClaimOutcome> claimed(List<ClaimRequest> group, boolean waiting) {
        var decided = new AtomicReference<List<ClaimOutcome>>(List.of());
        try {
            return sql.inTransaction(statements -> {
                decided.set(inOneTransaction(statements, group, waiting));
                return decided.get();
            });
        } catch (StoreException e) {
            if (e.kind() == Kind.OUTCOME_UNKNOWN && isCommitted(decided.get())) {
                return decided.get();
            }
            throw e;
        }
    }

    private List<ClaimOutcome> inOneTransaction(Sql.Statements statements, List<ClaimRequest> group, boolean waiting)
            throws SQLException {
        var outcomes = new HashMap<>(IdempotencyKeys.reserve(statements, group));
        var open =
                group.stream().filter(request -> !outcomes.containsKey(request)).toList();
        var made = open.isEmpty() || waiting ? Map.<UUID, Session>of() : shortcut.take(statements, open);
        var left = new ArrayList<ClaimRequest>();
        for (var request : open) {
            var session = made.get(request.session());
            if (session == null) {
                left.add(request);
            } else {
                outcomes.put(request, new Granted(session, false));
            }
        }
        if (!left.isEmpty()) {
            outcomes.putAll(counted(statements, left, waiting));
        }
        IdempotencyKeys.remember(
                statements,
                open.stream()
                        .filter(request -> outcomes.get(request) instanceof Granted)
                        .toList());
        return group.stream().map(outcomes::get).toList();
    }

    /** The whole way: limits are locked, and every pool that a request names is asked in turn. */
    private Map<ClaimRequest, ClaimOutcome> counted(
            Sql.Statements statements, List<ClaimRequest> requests, boolean waiting) throws SQLException {
        var counters = Counters.lock(statements, requests);
        shortcut.learn(counters);
        var round = new ClaimRound(requests, counters.projects(), counters.pools());
        if (waiting) {
            statements.query(LIMIT_WAITING, row -> row.getString(1));
        }
        for (var asks = round.next(); !asks.isEmpty(); asks = round.next()) {
            round.answered(asks, Taking.take(statements, asks, waiting));
        }
        var decided = round.outcomes();
        var outcomes = new HashMap<ClaimRequest, ClaimOutcome>();
        for (var i = 0; i < requests.size(); i++) {
            outcomes.put(requests.get(i), decided.get(i));
        }
        return outcomes;
    }

    private static final String LIMIT_WAITING = """
            SELECT /* claim.limit-waiting */ set_config('lock_timeout', '50ms', true)
            """;

    /**
     * Refuses for want of a browser only after a look that waits: all that is warm may have been held by transactions that
     * were about to let go, and a browser that is free must never be denied.
     */
    private List<ClaimOutcome> withSecondLook(List<ClaimRequest> group, List<ClaimOutcome> first) {
        if (first.stream().noneMatch(NoneWarm.class::isInstance)) {
            return first;
        }
        var stocks = stocks(group);
        var until = System.nanoTime() + WAITING.toNanos();
        var outcomes = new ArrayList<ClaimOutcome>();
        for (var i = 0; i < group.size(); i++) {
            var request = group.get(i);
            var outcome = first.get(i);
            if (outcome instanceof NoneWarm) {
                outcome = stocks.held(request) && System.nanoTime() < until ? secondLook(request) : outcome;
                outcome = outcome instanceof NoneWarm ? stocks.noneWarm(request) : outcome;
            }
            outcomes.add(outcome);
        }
        return outcomes;
    }

    private Stocks stocks(List<ClaimRequest> group) {
        var pools = new HashSet<UUID>();
        group.forEach(request -> request.candidates().forEach(candidate -> pools.add(candidate.pool())));
        try {
            return sql.reading(statements -> Stocks.of(statements, pools));
        } catch (StoreException e) {
            // The first look is committed: its answers must not be lost with this question.
            return Stocks.UNKNOWN;
        }
    }

    private ClaimOutcome secondLook(ClaimRequest request) {
        try {
            return claimed(List.of(request), true).getFirst();
        } catch (StoreException e) {
            if (e.getCause() instanceof SQLException cause && SqlStates.isLockTimeout(cause)) {
                return new NoneWarm(0);
            }
            return new ClaimOutcome.Failed(e);
        }
    }

    /** Of one transaction either all sessions exist or none. Nothing granted: nothing could be lost. */
    private boolean isCommitted(List<ClaimOutcome> decided) {
        var sessions = decided.stream()
                .filter(Granted.class::isInstance)
                .map(Granted.class::cast)
                .filter(granted -> !granted.replayed())
                .map(granted -> granted.session().id())
                .toList();
        var until = System.nanoTime() + READ_BACK.toNanos();
        while (!sessions.isEmpty()) {
            if (isThere(sessions)) {
                return true;
            }
            if (System.nanoTime() > until) {
                return false;
            }
            LockSupport.parkNanos(READ_BACK_PAUSE.toNanos());
        }
        return !decided.isEmpty();
    }

    private boolean isThere(List<UUID> sessions) {
        try {
            return !sql.reading(statements -> SessionQueries.byIds(statements, sessions))
                    .isEmpty();
        } catch (StoreException stillAway) {
            return false;
        }
    }
}
