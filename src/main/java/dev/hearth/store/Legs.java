package dev.hearth.store;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimOutcome.NoneWarm;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.ClaimRequest.Candidate;
import dev.hearth.claim.SessionIds;
import dev.hearth.claim.StoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Decides in which order a claim asks the regions of its candidates, each under the id that its session would have there,
 * and what their refusals come to. Pure.
 */
final class Legs {
    private Legs() {}

    /** One region's part of a claim. */
    record Leg(String region, ClaimRequest request) {}

    static List<Leg> of(ClaimRequest request, ToIntFunction<String> virtualShard) {
        var regions = new LinkedHashMap<String, List<Candidate>>();
        request.candidates()
                .forEach(candidate -> regions.computeIfAbsent(candidate.region(), _ -> new ArrayList<>())
                        .add(candidate));
        return regions.entrySet().stream()
                .map(region -> new Leg(
                        region.getKey(),
                        request.among(
                                region.getValue(),
                                SessionIds.in(request.session(), virtualShard.applyAsInt(region.getKey())))))
                .toList();
    }

    /** Whether another region may still give what this one did not. */
    static boolean leavesHope(ClaimOutcome outcome) {
        return switch (outcome) {
            case NoneWarm _ -> true;
            case ClaimOutcome.OverQuota over -> over.scope() == ClaimOutcome.Scope.POOL;
            case ClaimOutcome.Failed(var cause) -> cause.kind() == Kind.UNAVAILABLE;
            case ClaimOutcome.Granted _,
                    ClaimOutcome.OverRate _,
                    ClaimOutcome.KeyReused _,
                    ClaimOutcome.KeyInProgress _ -> false;
        };
    }

    /** Of those that all left hope: what the regions said that could be asked, the reason that another attempt could cure first. */
    static ClaimOutcome inAll(List<ClaimOutcome> refusals) {
        var dry = refusals.stream()
                .filter(NoneWarm.class::isInstance)
                .map(NoneWarm.class::cast)
                .toList();
        if (!dry.isEmpty()) {
            return new NoneWarm(dry.stream().mapToInt(NoneWarm::starting).sum(), soonest(dry));
        }
        return refusals.stream()
                .filter(refusal -> !(refusal instanceof ClaimOutcome.Failed))
                .findFirst()
                .orElseGet(refusals::getFirst);
    }

    private static @Nullable Duration soonest(List<NoneWarm> dry) {
        return dry.stream()
                .map(NoneWarm::ready)
                .filter(Objects::nonNull)
                .min(Duration::compareTo)
                .orElse(null);
    }
}
