package dev.hearth.store;

import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.SessionIds;
import dev.hearth.testing.SimulatedBrowsers;
import dev.hearth.testing.postgres.DatabaseAddress;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A pool that no directory knows, for servers that come and go: rows of browsers, and claims of them. */
record LoosePool(UUID id) {
    static final String REGION = "eu";

    void warm(DatabaseAddress database, int count) {
        SimulatedBrowsers.insert(database, id, "shop", "sim", REGION, "127.0.0.1:1", count);
    }

    ClaimRequest request() {
        return new ClaimRequest(
                SessionIds.mint(0, Instant.now()),
                "shop",
                List.of(new ClaimRequest.Candidate(id, REGION, StoreWorld.TERMS)),
                null,
                "{}",
                null);
    }
}
