package dev.hearth.store;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimRequest;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** What a claim must pass before it may ask several shards. */
interface Entrance {
    /** With one shard that database's own transaction sees to keys and limits. */
    Entrance OPEN = new Entrance() {
        @Override
        public ClaimOutcome through(ClaimRequest request, UUID session, Function<Turn, ClaimOutcome> claim) {
            return claim.apply((_, _) -> true);
        }

        @Override
        public Optional<ClaimOutcome> replay(ClaimRequest request) {
            return Optional.empty();
        }
    };

    /** @param session the id in the region that is asked first */
    ClaimOutcome through(ClaimRequest request, UUID session, Function<Turn, ClaimOutcome> claim);

    /** What the request's key alone settles. */
    Optional<ClaimOutcome> replay(ClaimRequest request);

    /** From one region to the next. */
    interface Turn {
        /** False: the claim must end. */
        boolean to(UUID next, UUID before);
    }
}
