package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimOutcome.NoneWarm;
import dev.hearth.claim.ClaimOutcome.OverQuota;
import dev.hearth.claim.ClaimOutcome.Scope;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.ClaimRequest.Candidate;
import dev.hearth.claim.Session;
import dev.hearth.store.ClaimRound.Ask;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClaimRoundTest {
    private static final UUID NEAR = new UUID(0, 1);
    private static final UUID FAR = new UUID(0, 2);

    @Test
    void asksNoMoreThanTheProjectHasLeft() {
        var round = round(Map.of("shop", new Quota(8, 10)), Map.of(), request(NEAR), request(NEAR), request(NEAR));

        var asks = round.next();
        assertThat(asks).hasSize(2);
        round.answered(asks, granted(asks));

        assertThat(round.next()).isEmpty();
        assertThat(round.outcomes().getLast()).isEqualTo(new OverQuota(Scope.PROJECT, 10, 10));
    }

    @Test
    void aRequestThatFoundNothingGivesItsPlaceToTheNext() {
        var round = round(Map.of("shop", new Quota(9, 10)), Map.of(), request(NEAR), request(FAR));

        round.answered(round.next(), Map.of());
        var second = round.next();
        assertThat(second).extracting(ask -> ask.candidate().pool()).containsExactly(FAR);
        round.answered(second, granted(second));

        assertThat(round.outcomes())
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo(new NoneWarm(0)),
                        last -> assertThat(last).isInstanceOf(ClaimOutcome.Granted.class));
    }

    @Test
    void passesAFullPoolOverForTheNextCandidate() {
        var round = round(Map.of(), Map.of(NEAR, new Quota(3, 3)), request(NEAR, FAR), request(NEAR));

        assertThat(round.next()).extracting(ask -> ask.candidate().pool()).containsExactly(FAR);
        assertThat(round.outcomes().getLast()).isEqualTo(new OverQuota(Scope.POOL, 3, 3));
    }

    @Test
    void emptyPoolsOutweighFullOnesInTheRefusal() {
        var round = round(Map.of(), Map.of(NEAR, new Quota(3, 3)), request(NEAR, FAR));

        round.answered(round.next(), Map.of());

        assertThat(round.next()).isEmpty();
        assertThat(round.outcomes()).containsExactly(new NoneWarm(0));
    }

    @Test
    void aRateGivesAsManyAsItsBucketHoldsAndSaysWhenTheNextIsThere() {
        var limited = new Quota(0, null, new Quota.Rate(30, 2.5));
        var round = round(Map.of("shop", limited), Map.of(), request(NEAR), request(NEAR), request(NEAR));

        var asks = round.next();
        assertThat(asks).hasSize(2);
        round.answered(asks, granted(asks));

        assertThat(round.next()).isEmpty();
        assertThat(round.outcomes().getLast()).isEqualTo(new ClaimOutcome.OverRate(30, Duration.ofSeconds(1)));
    }

    @Test
    void aFullProjectIsNamedBeforeItsRate() {
        var both = new Quota(10, 10, new Quota.Rate(30, 0));
        var round = round(Map.of("shop", both), Map.of(), request(NEAR));

        assertThat(round.next()).isEmpty();
        assertThat(round.outcomes()).containsExactly(new OverQuota(Scope.PROJECT, 10, 10));
    }

    @Test
    void aCounterThatIsTooHighAdmitsNobody() {
        var round = round(Map.of("shop", new Quota(12, 10)), Map.of(), request(NEAR));

        assertThat(round.next()).isEmpty();
        assertThat(round.outcomes()).containsExactly(new OverQuota(Scope.PROJECT, 12, 10));
    }

    private static ClaimRound round(Map<String, Quota> projects, Map<UUID, Quota> pools, ClaimRequest... requests) {
        return new ClaimRound(List.of(requests), projects, pools);
    }

    private static ClaimRequest request(UUID... pools) {
        var candidates = Stream.of(pools)
                .map(pool -> new Candidate(pool, "eu-west", StoreWorld.TERMS))
                .toList();
        return new ClaimRequest(UUID.randomUUID(), "shop", candidates, null, "{}", null);
    }

    private static Map<UUID, Session> granted(List<Ask> asks) {
        return asks.stream()
                .map(ask -> session(ask.request().session(), ask.candidate().pool()))
                .collect(Collectors.toMap(Session::id, Function.identity()));
    }

    private static Session session(UUID id, UUID pool) {
        return new Session(
                id,
                "shop",
                pool,
                "shop",
                "web",
                "eu",
                null,
                UUID.randomUUID(),
                "p",
                "u",
                "a:1",
                1,
                StoreWorld.TERMS,
                "{}",
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                null);
    }
}
