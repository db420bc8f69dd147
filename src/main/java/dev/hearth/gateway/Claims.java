package dev.hearth.gateway;

import static dev.hearth.telemetry.LogKeys.PROJECT;
import static dev.hearth.telemetry.LogKeys.REGION;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.ClaimRequest.Candidate;
import dev.hearth.claim.ClaimRequest.Idempotency;
import dev.hearth.claim.ClaimStore;
import dev.hearth.claim.Directory;
import dev.hearth.claim.Place;
import dev.hearth.claim.PoolChoice;
import dev.hearth.claim.PoolChoice.Choice;
import dev.hearth.claim.Reason;
import dev.hearth.claim.RegionOrder;
import dev.hearth.claim.Session;
import dev.hearth.claim.StoreException;
import dev.hearth.claim.WantedTerms;
import dev.hearth.gateway.WaitingPlace.Result;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One claim, from a client's wish to its session or a refusal. When a claim is granted nothing else is done on the path. */
public final class Claims {
    private static final Logger LOG = LoggerFactory.getLogger(Claims.class);
    /** More: memory for clients that are slow to connect. Fewer: those wait a little longer. Past it we forget them all. */
    private static final int LATELY = 1_000;

    private final ClaimStore store;
    private final Pools pools;
    private final Site site;
    private final LaggingRegions lagging;
    private final InstantSource clock;
    private final GatewayMetrics metrics;
    private final RetryEstimate estimate = new RetryEstimate();
    private final WaitingRoom room;
    private final ConcurrentHashMap<UUID, Session> lately = new ConcurrentHashMap<>();

    public Claims(
            ClaimStore store,
            WaitingRoom room,
            Pools pools,
            Site site,
            LaggingRegions lagging,
            InstantSource clock,
            GatewayMetrics metrics) {
        this.store = store;
        this.room = room;
        this.pools = pools;
        this.site = site;
        this.lagging = lagging;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Where this gateway stands, and where regions are. */
    public record Site(String region, Optional<String> zone, RegionOrder.Places places) {}

    /**
     * What a client asked for, checked already.
     *
     * @param unguarded what to answer where no guarded pool may serve it; null: any pool will do
     * @param location where the client is, by its own word or by that of a proxy that is trusted
     */
    public record Wish(
            Directory.Project project,
            @Nullable String pool,
            @Nullable String region,
            WantedTerms terms,
            String metadata,
            @Nullable Idempotency idempotency,
            @Nullable String settings,
            @Nullable Refusal unguarded,
            @Nullable Place location) {
        /** With pages as Chrome has them, from wherever. */
        public Wish(
                Directory.Project project,
                @Nullable String pool,
                @Nullable String region,
                WantedTerms terms,
                String metadata,
                @Nullable Idempotency idempotency) {
            this(project, pool, region, terms, metadata, idempotency, null, null, null);
        }

        /** What the client says itself counts before what is said of it. */
        public Wish orFrom(@Nullable Place other) {
            return location == null
                    ? new Wish(project, pool, region, terms, metadata, idempotency, settings, unguarded, other)
                    : this;
        }

        /** Settings may hold a proxy's password. */
        @Override
        public String toString() {
            return "Wish[project=" + project.name() + ", pool=" + pool + ", region=" + region + "]";
        }
    }

    /** What a client gets. */
    public sealed interface Answer {
        /** @param reason why the session's region serves it */
        record Granted(Session session, boolean replayed, Reason reason) implements Answer {
            public static final String SERVED_BY = "hearth-served-by";

            /** As clients read it in the header of that name. */
            public String servedBy() {
                return session.region() + "; pool=" + session.pool() + "; reason=" + reason.word();
            }
        }

        record Refused(Refusal refusal) implements Answer {}
    }

    public Answer claim(Wish wish) {
        return claim(wish, Patience.NONE);
    }

    public Answer claim(Wish wish, Patience patience) {
        return claim(wish, patience, _ -> {});
    }

    /**
     * Blocks for as long as the client has patience. A grant may come after the client went: look at its presence.
     *
     * @param meanwhile told the id that the session gets if it comes to be, before the store is asked; not of claims that may wait, nor in a drought
     */
    public Answer claim(Wish wish, Patience patience, Consumer<UUID> meanwhile) {
        var order = new RegionOrder(site.region(), wish.location(), site.places());
        var choice = pools.choose(new PoolChoice.Wish(
                wish.project().name(), wish.pool(), wish.region(), order, oneOf(wish), wish.unguarded() != null));
        return switch (choice) {
            case Choice.Among among -> {
                var late = lagging.now();
                var route = new Route(among, late);
                var request = request(among.without(late), wish);
                if (!patience.waits() && !estimate.isDry()) {
                    meanwhile.accept(request.session());
                }
                // Where nobody may wait any more nobody is served either: the session's connection would be refused
                // here.
                yield patience.waits() || room.isClosing() ? waited(request, route, patience) : atOnce(request, route);
            }
            case Choice.NoneGuarded _ -> new Answer.Refused(Objects.requireNonNull(wish.unguarded()));
            case Choice.PoolUnknown _ -> new Answer.Refused(ClaimRefusals.noPool(wish));
            case Choice.RegionUnknown(var known) -> new Answer.Refused(ClaimRefusals.noRegion(wish, known));
            case Choice.PoolElsewhere(var region) -> new Answer.Refused(ClaimRefusals.elsewhere(wish, region));
        };
    }

    /** What a claim wanted first, and what stood in its way. */
    private record Route(Choice.Among among, Set<String> lagging) {
        String region() {
            return among.pools().getFirst().region();
        }
    }

    /** A repetition is the same claim as the first one. */
    private static String oneOf(Wish wish) {
        return wish.idempotency() == null
                ? Long.toHexString(ThreadLocalRandom.current().nextLong())
                : wish.idempotency().key();
    }

    private ClaimRequest request(List<Directory.Pool> among, Wish wish) {
        return new ClaimRequest(
                store.mint(among.getFirst().region(), clock.instant()),
                wish.project().name(),
                among.stream()
                        .map(pool -> new Candidate(
                                pool.id(), pool.region(), wish.terms().settle(pool, wish.project())))
                        .toList(),
                site.zone().orElse(null),
                wish.metadata(),
                wish.idempotency(),
                wish.settings());
    }

    private Answer atOnce(ClaimRequest request, Route route) {
        var region = route.region();
        var started = System.nanoTime();
        try {
            var outcome = store.claim(List.of(request)).getFirst();
            if (outcome instanceof ClaimOutcome.Failed(var cause)) {
                throw cause;
            }
            metrics.claimed(outcome.getClass().getSimpleName(), region, System.nanoTime() - started);
            return answer(outcome, route);
        } catch (StoreException broken) {
            metrics.claimed(broken.kind().name(), region, System.nanoTime() - started);
            return new Answer.Refused(ClaimRefusals.broken(broken, request.idempotency() != null));
        }
    }

    private Answer waited(ClaimRequest request, Route route, Patience patience) {
        var region = route.region();
        var entered = System.nanoTime();
        var result = room.claim(request, patience);
        var nanos = System.nanoTime() - entered;
        var answer = switch (result) {
            case Result.Settled(ClaimOutcome.Failed(var cause), var _, var _) -> broken(cause, request);
            case Result.Settled(var outcome, var _, var claim) -> {
                metrics.claimed(outcome.getClass().getSimpleName(), region, claim);
                yield answer(outcome, route);
            }
            case Result.InVain(var why, var _, var millis) -> inVain(why, millis, route);
            case Result.Full(var entry) -> new Answer.Refused(ClaimRefusals.lineFull(entry));
            case Result.Left _ -> new Answer.Refused(ClaimRefusals.left());
            case Result.Draining _ -> new Answer.Refused(GatewayState.drainingRefusal());
            case Result.Broken(var cause) -> {
                metrics.claimed(cause.kind().name(), region, 0);
                yield broken(cause, request);
            }
        };
        var outcome = WaitingWords.outcome(result);
        metrics.waited(outcome, nanos);
        LOG.atInfo()
                .addKeyValue(PROJECT, request.project())
                .addKeyValue(REGION, region)
                .addKeyValue("position", WaitingWords.position(result))
                .addKeyValue("waitedMillis", TimeUnit.NANOSECONDS.toMillis(nanos))
                .addKeyValue("outcome", outcome)
                .log("a claim waited");
        return answer;
    }

    private Answer inVain(ClaimOutcome why, long millis, Route route) {
        metrics.claimed(why.getClass().getSimpleName(), route.region(), 0);
        return answer(why, route) instanceof Answer.Refused(var refusal)
                ? new Answer.Refused(refusal.with("waitedMillis", millis))
                : new Answer.Refused(ClaimRefusals.left());
    }

    private static Answer broken(StoreException cause, ClaimRequest request) {
        return new Answer.Refused(ClaimRefusals.broken(cause, request.idempotency() != null));
    }

    private Answer answer(ClaimOutcome outcome, Route route) {
        var now = clock.millis();
        return switch (outcome) {
            case ClaimOutcome.Granted(var session, var replayed) -> {
                estimate.granted(now);
                remember(session);
                var reason = replayed ? Reason.REPLAYED : reason(route, session.region());
                metrics.served(session.region(), reason.word());
                yield new Answer.Granted(session, replayed, reason);
            }
            case ClaimOutcome.NoneWarm(var starting, var ready) ->
                new Answer.Refused(ClaimRefusals.noneWarm(starting, estimate.refused(starting, ready, now)));
            case ClaimOutcome.OverRate over -> new Answer.Refused(ClaimRefusals.overRate(over));
            case ClaimOutcome.OverQuota over -> new Answer.Refused(ClaimRefusals.overQuota(over));
            case ClaimOutcome.KeyReused _ -> new Answer.Refused(ClaimRefusals.keyReused());
            case ClaimOutcome.Failed(var cause) -> new Answer.Refused(ClaimRefusals.broken(cause, false));
            case ClaimOutcome.KeyInProgress _ -> new Answer.Refused(ClaimRefusals.keyInProgress());
        };
    }

    private Reason reason(Route route, String served) {
        var wanted = route.region();
        return Reason.of(
                route.among().reason(), wanted, served, route.lagging().contains(wanted), store.isAway(wanted));
    }

    /** A session as it was granted here a moment ago. It may have ended since: the store knows. */
    public Optional<Session> lately(UUID session) {
        return Optional.ofNullable(lately.get(session));
    }

    private void remember(Session session) {
        if (lately.size() >= LATELY) {
            lately.clear();
        }
        lately.put(session.id(), session);
    }
}
