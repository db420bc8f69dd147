package dev.hearth.gateway;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.ClaimRequest.Candidate;
import dev.hearth.claim.ClaimRequest.Idempotency;
import dev.hearth.claim.ClaimStore;
import dev.hearth.claim.Directory;
import dev.hearth.claim.PoolChoice;
import dev.hearth.claim.PoolChoice.Choice;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionIds;
import dev.hearth.claim.StoreException;
import dev.hearth.claim.WantedTerms;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One claim, from a client's wish to its session or a refusal. When a claim is granted nothing else is done on the path. */
public final class Claims {
    private final ClaimStore store;
    private final Pools pools;
    private final Site site;
    private final InstantSource clock;
    private final GatewayMetrics metrics;
    private final RetryEstimate estimate = new RetryEstimate();

    public Claims(ClaimStore store, Directory directory, Site site, InstantSource clock, GatewayMetrics metrics) {
        this.store = store;
        this.pools = new Pools(directory, clock);
        this.site = site;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Where this gateway stands. */
    public record Site(String region, Optional<String> zone) {}

    /** What a client asked for, checked already. */
    public record Wish(
            Directory.Project project,
            @Nullable String pool,
            @Nullable String region,
            WantedTerms terms,
            String metadata,
            @Nullable Idempotency idempotency,
            @Nullable String settings) {
        /** With pages as Chrome has them. */
        public Wish(
                Directory.Project project,
                @Nullable String pool,
                @Nullable String region,
                WantedTerms terms,
                String metadata,
                @Nullable Idempotency idempotency) {
            this(project, pool, region, terms, metadata, idempotency, null);
        }
    }

    /** What a client gets. */
    public sealed interface Answer {
        record Granted(Session session, boolean replayed) implements Answer {}

        record Refused(Refusal refusal) implements Answer {}
    }

    public Answer claim(Wish wish) {
        var choice =
                pools.choose(new PoolChoice.Wish(wish.project().name(), wish.pool(), wish.region(), site.region()));
        return switch (choice) {
            case Choice.Among(var among) -> claimFrom(among, wish);
            case Choice.PoolUnknown _ -> new Answer.Refused(ClaimRefusals.noPool(wish));
            case Choice.RegionUnknown(var known) -> new Answer.Refused(ClaimRefusals.noRegion(wish, known));
            case Choice.PoolElsewhere(var region) -> new Answer.Refused(ClaimRefusals.elsewhere(wish, region));
        };
    }

    private Answer claimFrom(List<Directory.Pool> among, Wish wish) {
        var region = among.getFirst().region();
        var request = new ClaimRequest(
                SessionIds.mint(virtualShard(region), clock.instant()),
                wish.project().name(),
                among.stream()
                        .map(pool -> new Candidate(pool.id(), wish.terms().settle(pool, wish.project())))
                        .toList(),
                site.zone().orElse(null),
                wish.metadata(),
                wish.idempotency(),
                wish.settings());
        var started = System.nanoTime();
        try {
            var outcome = store.claim(List.of(request)).getFirst();
            metrics.claimed(outcome.getClass().getSimpleName(), region, System.nanoTime() - started);
            return answer(outcome);
        } catch (StoreException broken) {
            metrics.claimed(broken.kind().name(), region, System.nanoTime() - started);
            return new Answer.Refused(ClaimRefusals.broken(broken, wish.idempotency() != null));
        }
    }

    private Answer answer(ClaimOutcome outcome) {
        var now = clock.millis();
        return switch (outcome) {
            case ClaimOutcome.Granted(var session, var replayed) -> {
                estimate.granted(now);
                yield new Answer.Granted(session, replayed);
            }
            case ClaimOutcome.NoneWarm(var starting) ->
                new Answer.Refused(ClaimRefusals.noneWarm(starting, estimate.refused(starting, now)));
            case ClaimOutcome.OverQuota over -> new Answer.Refused(ClaimRefusals.overQuota(over));
            case ClaimOutcome.KeyReused _ -> new Answer.Refused(ClaimRefusals.keyReused());
            case ClaimOutcome.Failed(var cause) -> throw cause;
            case ClaimOutcome.KeyInProgress _ -> new Answer.Refused(ClaimRefusals.keyInProgress());
        };
    }

    /** A region's sessions share a virtual shard, so that the region can move to another database as one. */
    private static int virtualShard(String region) {
        return Math.floorMod(region.hashCode(), SessionIds.VIRTUAL_SHARDS);
    }
}
