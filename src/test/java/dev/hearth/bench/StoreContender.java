package dev.hearth.bench;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimStore;
import dev.hearth.claim.EndReason;
import dev.hearth.store.Stores;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hearth's store, called in this process as a gateway calls it. */
record StoreContender(ClaimsDatabase database, Stores stores, Replacements replacements) implements Contender {
    @Override
    public Client client() {
        return new StoreClient(stores.claims(ClaimsDatabase.REGION));
    }

    private final class StoreClient implements Client {
        private final ClaimStore claims;

        StoreClient(ClaimStore claims) {
            this.claims = claims;
        }

        @Override
        public @Nullable Held claim() {
            return switch (claims.claim(List.of(database.request())).getFirst()) {
                case ClaimOutcome.Granted(var session, var _) -> new Held(session.id(), session.browser());
                case ClaimOutcome.NoneWarm _ -> null;
                case ClaimOutcome other -> throw new IllegalStateException("voids the run: " + other);
            };
        }

        @Override
        public void release(Held held) {
            stores.sessions().end(held.session(), ClaimsDatabase.PROJECT, EndReason.RELEASED);
            replacements.of(held.session());
        }

        @Override
        public void close() {
            // The stores are the benchmark's.
        }
    }
}
