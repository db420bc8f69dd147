package dev.hearth.store;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimOutcome.Failed;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.ClaimStore;
import dev.hearth.claim.SessionIds;
import dev.hearth.claim.StoreException;
import dev.hearth.claim.StoreException.Kind;
import dev.hearth.store.Legs.Leg;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;

/**
 * Claims wherever their candidates are: one region after the other, each in the database that keeps it, those whose
 * database is away left out while another is there. A refusal of one region is kept until all have been asked.
 */
final class ShardedClaims implements ClaimStore {
    private final Shards shards;
    private final Entrance entrance;

    ShardedClaims(Shards shards, Entrance entrance) {
        this.shards = shards;
        this.entrance = entrance;
    }

    @Override
    public UUID mint(String region, Instant now) {
        return SessionIds.mint(shards.regions().virtualShard(region), now);
    }

    @Override
    public boolean isAway(String region) {
        return shards.ofRegion(region).reach().isAway();
    }

    @Override
    public List<ClaimOutcome> claim(List<ClaimRequest> group) {
        if (group.size() == 1) {
            var outcome = alone(group.getFirst());
            if (outcome instanceof Failed(var cause)) {
                throw cause;
            }
            return List.of(outcome);
        }
        var legs = group.stream().map(this::legs).toList();
        if (!shards.areSeveral() && legs.stream().allMatch(of -> of.size() == 1)) {
            return shards.all()
                    .getFirst()
                    .claims()
                    .claim(legs.stream().map(of -> of.getFirst().request()).toList());
        }
        var outcomes = together(group);
        if (outcomes.stream()
                        .allMatch(outcome -> outcome instanceof Failed(var cause) && cause.kind() == Kind.UNAVAILABLE)
                && outcomes.getFirst() instanceof Failed(var cause)) {
            throw cause;
        }
        return outcomes;
    }

    /** Each for itself: the buses of the shards group them again. */
    private List<ClaimOutcome> together(List<ClaimRequest> group) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = group.stream()
                    .map(request -> CompletableFuture.supplyAsync(() -> alone(request), threads))
                    .toList();
            return asked.stream().map(CompletableFuture::join).toList();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException defect ? defect : e;
        }
    }

    private List<Leg> legs(ClaimRequest request) {
        return Legs.of(request, shards.regions()::virtualShard);
    }

    private ClaimOutcome alone(ClaimRequest request) {
        try {
            var legs = within(legs(request));
            return entrance.through(request, legs.getFirst().request().session(), turn -> along(legs, turn));
        } catch (StoreException broken) {
            return new Failed(broken);
        }
    }

    /** Where none is there all are asked: it may have come back, and if not says why. */
    private List<Leg> within(List<Leg> legs) {
        if (legs.size() == 1) {
            return legs;
        }
        var there = legs.stream()
                .filter(leg -> shards.ofRegion(leg.region()).reach().isThere())
                .toList();
        return there.isEmpty() ? legs : there;
    }

    /** @param turn told of each region but the first before it is asked; what it answers ends the claim */
    private ClaimOutcome along(List<Leg> legs, Entrance.Turn turn) {
        var refusals = new ArrayList<ClaimOutcome>();
        var before = legs.getFirst();
        for (var leg : legs) {
            if (!leg.equals(before)
                    && !turn.to(leg.request().session(), before.request().session())) {
                return new ClaimOutcome.KeyInProgress();
            }
            before = leg;
            var outcome = ask(leg);
            if (!Legs.leavesHope(outcome)) {
                return outcome;
            }
            refusals.add(outcome);
        }
        return Legs.inAll(refusals);
    }

    /** A region on its way to another shard is refused as one whose shard is away; one that has arrived is asked there. */
    private ClaimOutcome ask(Leg leg) {
        try {
            var place = shards.regions().place(leg.region());
            var outcome = askThere(leg, place);
            return isMoved(outcome) && !shards.regions().isStill(place)
                    ? moved(askThere(leg, shards.regions().place(leg.region())))
                    : moved(outcome);
        } catch (StoreException broken) {
            return new Failed(broken);
        }
    }

    private ClaimOutcome askThere(Leg leg, Regions.Place place) {
        if (place.fenced()) {
            return new Failed(Shards.onItsWay());
        }
        try {
            return shards.at(place).claims().claim(List.of(leg.request())).getFirst();
        } catch (StoreException broken) {
            return new Failed(broken);
        }
    }

    private static boolean isMoved(ClaimOutcome outcome) {
        return outcome instanceof Failed(var cause) && cause.kind() == Kind.MOVED;
    }

    private static ClaimOutcome moved(ClaimOutcome outcome) {
        return isMoved(outcome) ? new Failed(Shards.onItsWay()) : outcome;
    }
}
