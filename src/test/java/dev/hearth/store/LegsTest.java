package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.ClaimOutcome.Failed;
import dev.hearth.claim.ClaimOutcome.KeyInProgress;
import dev.hearth.claim.ClaimOutcome.NoneWarm;
import dev.hearth.claim.ClaimOutcome.OverQuota;
import dev.hearth.claim.ClaimOutcome.OverRate;
import dev.hearth.claim.ClaimOutcome.Scope;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.ClaimRequest.Candidate;
import dev.hearth.claim.SessionIds;
import dev.hearth.claim.StoreException;
import dev.hearth.claim.StoreException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LegsTest {
    private static final Failed AWAY =
            new Failed(new StoreException(Kind.UNAVAILABLE, "", new IllegalStateException()));
    private static final OverQuota FULL_POOL = new OverQuota(Scope.POOL, 3, 3);

    @Test
    void asksOneRegionAfterTheOtherEachUnderAnIdOfItsOwn() {
        var eu = candidate("eu");
        var us = candidate("us");
        var moreOfEu = candidate("eu");
        var request = new ClaimRequest(
                SessionIds.mint(9, Instant.now()), "shop", List.of(eu, us, moreOfEu), null, "{}", null);

        var legs = Legs.of(request, region -> region.equals("eu") ? 9 : 4);

        assertThat(legs).map(Legs.Leg::region).containsExactly("eu", "us");
        assertThat(legs.getFirst().request().candidates()).containsExactly(eu, moreOfEu);
        assertThat(legs.getFirst().request().session()).isEqualTo(request.session());
        assertThat(legs.getLast().request().candidates()).containsExactly(us);
        var other = legs.getLast().request().session();
        assertThat(SessionIds.virtualShard(other)).isEqualTo(4);
        assertThat(SessionIds.plausible(other)).isTrue();
        assertThat(Reservations.of(other)).isEqualTo(Reservations.of(request.session()));
    }

    @Test
    void onlyWhatTheNextRegionMayCureLeavesHope() {
        assertThat(List.of(new NoneWarm(0), FULL_POOL, AWAY)).allMatch(Legs::leavesHope);
        assertThat(List.of(
                        new OverQuota(Scope.PROJECT, 1, 1),
                        new OverRate(1, Duration.ofSeconds(1)),
                        new KeyInProgress(),
                        new Failed(new StoreException(Kind.OUTCOME_UNKNOWN, "", new IllegalStateException()))))
                .noneMatch(Legs::leavesHope);
    }

    @Test
    void theRegionsThatCouldBeAskedSayWhyThereIsNone() {
        assertThat(Legs.inAll(List.of(
                        AWAY,
                        new NoneWarm(1, Duration.ofSeconds(9)),
                        FULL_POOL,
                        new NoneWarm(2, Duration.ofSeconds(4)),
                        new NoneWarm(0))))
                .isEqualTo(new NoneWarm(3, Duration.ofSeconds(4)));
        assertThat(Legs.inAll(List.of(AWAY, FULL_POOL))).isEqualTo(FULL_POOL);
        assertThat(Legs.inAll(List.of(AWAY, AWAY))).isEqualTo(AWAY);
    }

    private static Candidate candidate(String region) {
        return new Candidate(UUID.randomUUID(), region, StoreWorld.TERMS);
    }
}
