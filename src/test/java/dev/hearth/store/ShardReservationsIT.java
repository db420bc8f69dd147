package dev.hearth.store;

import static dev.hearth.store.TwoShards.EU;
import static dev.hearth.store.TwoShards.US;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.ClaimOutcome.Granted;
import dev.hearth.claim.ClaimOutcome.KeyInProgress;
import dev.hearth.claim.ClaimOutcome.KeyReused;
import dev.hearth.claim.ClaimOutcome.NoneWarm;
import dev.hearth.claim.ClaimOutcome.OverQuota;
import dev.hearth.claim.ClaimOutcome.OverRate;
import dev.hearth.claim.ClaimOutcome.Scope;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.ClaimRequest.Idempotency;
import dev.hearth.claim.ClaimStore;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Sha256;
import dev.hearth.claim.StoreException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What must hold over both databases: a key makes one session, a limit is never exceeded. */
class ShardReservationsIT extends OnTwoShards {
    @Test
    void aRetryAfterAFallbackReturnsTheSameSession() {
        world.warm(EU, 2);
        var first = world.claimed("k", US, EU);
        assertThat(first.region()).isEqualTo(EU);
        world.warm(US, 2);
        assertThat(world.claim("k", US, EU)).isEqualTo(new Granted(first, true));
        assertThat(world.claim("k", EU, US)).isEqualTo(new Granted(first, true));
        assertThat(world.stores.vacancies().replay(world.request("k", US))).contains(new Granted(first, true));
        assertThat(sessions()).isOne();

        world.stores.sessions().end(first.id(), "shop", EndReason.RELEASED);
        assertThat(world.claim("k", US, EU)).isInstanceOfSatisfying(Granted.class, again -> {
            assertThat(again.replayed()).isTrue();
            assertThat(again.session().id()).isEqualTo(first.id());
        });
        var other = world.request("k", US);
        assertThat(world.stores
                        .claims()
                        .claim(List.of(withKey(other, new Idempotency("k", Sha256.of("other")))))
                        .getFirst())
                .isEqualTo(new KeyReused());
    }

    @Test
    void aRetryAfterAnOutageReturnsTheSessionOfTheRegionThatServedInIt() {
        world.warm(EU, 2);
        world.warm(US, 2);
        world.toFar.cut();
        var first = world.claimed("k", US, EU);
        assertThat(first.region()).isEqualTo(EU);
        assertThat(world.claim("k", US, EU)).isEqualTo(new Granted(first, true));
        world.toFar.mend();
        await().ignoreExceptionsMatching(StoreException.class::isInstance)
                .until(() -> world.claim(null, US) instanceof Granted);
        assertThat(world.claim("k", US, EU)).isEqualTo(new Granted(first, true));
    }

    @Test
    void manyRetriesAtOnceMakeOneSession() throws Exception {
        world.warm(EU, 20);
        world.warm(US, 20);
        assertThat(sessionsOfOneKey(world.stores.claims())).hasSize(1);
        assertThat(sessions()).isOne();
    }

    @Test
    void withoutReservationsTheCheckerSeesTwoSessionsOfOneKey() throws Exception {
        world.warm(EU, 20);
        world.warm(US, 20);
        assertThat(sessionsOfOneKey(unreserved())).hasSize(2);
    }

    private Set<UUID> sessionsOfOneKey(ClaimStore claims) throws Exception {
        var seen = ConcurrentHashMap.<UUID>newKeySet();
        Clients.run(16, client -> {
            for (var i = 0; i < 5; i++) {
                var request = client % 2 == 0 ? world.request("k", EU, US) : world.request("k", US, EU);
                if (claims.claim(List.of(request)).getFirst() instanceof Granted(var session, var _)) {
                    seen.add(session.id());
                }
            }
        });
        return new HashSet<>(seen);
    }

    @Test
    void aQuotaHoldsOverBothShards() throws Exception {
        assertThat(mostAtOnce(world.stores.claims())).isEqualTo(10);
        assertThat(world.reservations()).as("all are given back").isEmpty();
    }

    @Test
    void withoutReservationsTheCheckerSeesTheQuotaExceeded() throws Exception {
        assertThat(mostAtOnce(unreserved())).isGreaterThan(10);
    }

    /** 64 clients, 10 sessions at once; the most that were held together, by the word of those who held them. */
    private int mostAtOnce(ClaimStore claims) throws Exception {
        world.project(10, null);
        world.warm(EU, 300);
        world.warm(US, 300);
        var held = new AtomicInteger();
        var most = new AtomicInteger();
        Clients.run(64, client -> {
            for (var i = 0; i < 8; i++) {
                var region = (client + i) % 2 == 0 ? EU : US;
                var outcome = claims.claim(List.of(world.request(null, region))).getFirst();
                if (outcome instanceof Granted(var session, var _)) {
                    most.accumulateAndGet(held.incrementAndGet(), Math::max);
                    Thread.yield();
                    held.decrementAndGet();
                    world.stores.sessions().end(session.id(), "shop", EndReason.RELEASED);
                } else {
                    assertThat(outcome).isInstanceOf(OverQuota.class);
                }
            }
        });
        // They may have held few at any time; now all that is given is held.
        var all = new ArrayList<UUID>();
        for (var i = 0; i < 40; i++) {
            if (claims.claim(List.of(world.request(null, i % 2 == 0 ? EU : US))).getFirst()
                    instanceof Granted(var session, var _)) {
                all.add(session.id());
            }
        }
        most.accumulateAndGet(all.size(), Math::max);
        all.forEach(session -> world.stores.sessions().end(session, "shop", EndReason.RELEASED));
        return most.get();
    }

    @Test
    void aPlaceThatWasGivenBackIsFreeAtOnce() {
        world.project(1, null);
        world.warm(EU, 5);
        world.warm(US, 5);
        for (var i = 0; i < 4; i++) {
            var session = world.claimed(null, i % 2 == 0 ? EU : US);
            assertThat(world.claim(null, EU)).isEqualTo(new OverQuota(Scope.PROJECT, 1, 1));
            assertThat(world.claim(null, US)).isEqualTo(new OverQuota(Scope.PROJECT, 1, 1));
            world.stores.sessions().end(session.id(), "shop", EndReason.RELEASED);
        }
    }

    @Test
    void aSessionThatEndsByItsDeadlineFreesItsPlaceToo() throws SQLException {
        world.project(1, null);
        world.warm(US, 2);
        world.claimed(null, US);
        world.far.execute("UPDATE hearth.session SET expires_at = hearth.hearth_now() - interval '1 s'");
        world.stores.deadlines().shards().forEach(shard -> shard.endOverdue(10));
        await().untilAsserted(() -> assertThat(world.reservations()).isEmpty());
        assertThat(world.claim(null, US)).isInstanceOf(Granted.class);
    }

    @Test
    void aRateHoldsOverBothShardsAndCountsNoRefusals() {
        world.project(null, 2);
        world.warm(EU, 3);
        assertThat(world.claim(null, US)).isInstanceOf(NoneWarm.class);
        world.warm(US, 3);
        assertThat(world.claim(null, EU)).isInstanceOf(Granted.class);
        assertThat(world.claim(null, US)).isInstanceOf(Granted.class);
        assertThat(world.claim(null, EU)).isInstanceOf(OverRate.class);
        assertThat(world.claim(null, US)).isInstanceOf(OverRate.class);
    }

    @Test
    void aClaimThatIsRefusedLeavesNoTrace() {
        world.project(5, null);
        assertThat(world.claim("k", EU, US)).isInstanceOf(NoneWarm.class);
        assertThat(world.reservations()).isEmpty();
        world.warm(US, 1);
        assertThat(world.claimed("k", EU, US).region()).isEqualTo(US);
    }

    /** A gateway died, or is stuck, between the two databases. */
    @Test
    void aClaimThatNeverCameToItsSessionIsTakenOverAndNeverComesBack() throws SQLException {
        world.project(5, null);
        world.warm(EU, 3);
        world.warm(US, 3);
        var stuck = world.request("k", US, EU);
        var reservations = new Reservations(control());
        assertThat(reservations.enter(stuck, stuck.session())).isEqualTo(new Reservations.Entry.Entered());
        assertThat(world.claim("k", US, EU)).as("it may still run").isEqualTo(new KeyInProgress());

        world.near.execute("UPDATE hearth_control.reservation SET asked_at = asked_at - interval '11 s'");
        var made = world.claimed("k", EU, US);
        var late = world.stores.claims(US).claim(List.of(stuck)).getFirst();

        assertThat(late).isEqualTo(new KeyInProgress());
        assertThat(reservations.turnTo(UUID.randomUUID(), stuck.session())).isFalse();
        assertThat(world.claim("k", US, EU)).isEqualTo(new Granted(made, true));
        assertThat(sessions()).isOne();
        assertThat(world.reservations()).containsExactly(made.id().toString());
    }

    @Test
    void aSessionWhoseClaimWasNeverAnsweredIsFoundByTheRetry() throws SQLException {
        world.warm(US, 3);
        world.warm(EU, 3);
        var died = world.request("k", US, EU);
        new Reservations(control()).enter(died, died.session());
        var made = ((Granted) world.stores
                        .claims(US)
                        .claim(List.of(died.among(died.candidates().subList(0, 1), died.session())))
                        .getFirst())
                .session();
        assertThat(world.claim("k", EU, US)).isEqualTo(new Granted(made, true));
    }

    @Test
    void theAuditFreesPlacesOfNobodyAndGivesSessionsTheirs() throws SQLException {
        world.warm(EU, 3);
        world.warm(US, 3);
        var before = world.claimed(null, US);
        world.project(2, null);
        var dead = world.request(null, EU);
        new Reservations(control()).enter(dead, dead.session());
        world.claimed(null, EU);
        assertThat(world.claim(null, EU)).isInstanceOf(OverQuota.class);

        world.near.execute("UPDATE hearth_control.reservation SET asked_at = asked_at - interval '2 minutes'");
        world.stores.reservationAudit().run();
        assertThat(world.reservations()).hasSize(2).contains(before.id().toString());
        assertThat(world.claim(null, EU)).isEqualTo(new OverQuota(Scope.PROJECT, 2, 2));

        world.toFar.cut();
        world.near.execute("UPDATE hearth_control.reservation SET asked_at = asked_at - interval '2 minutes'");
        world.stores.reservationAudit().run();
        assertThat(world.reservations())
                .as("of a shard that is away")
                .contains(before.id().toString());
    }

    private Sql control() {
        return world.control();
    }

    /** As it would be if each shard kept its own keys and limits only. */
    private ClaimStore unreserved() {
        return world.withoutReservations();
    }

    private int sessions() {
        return world.near.strings("SELECT id FROM hearth.session").size()
                + world.far.strings("SELECT id FROM hearth.session").size();
    }

    private static ClaimRequest withKey(ClaimRequest request, Idempotency key) {
        return new ClaimRequest(
                request.session(), request.project(), request.candidates(), null, request.metadata(), key);
    }
}
