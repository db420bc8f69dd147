package dev.hearth.store;

import static dev.hearth.store.TwoShards.EU;
import static dev.hearth.store.TwoShards.US;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimOutcome.Failed;
import dev.hearth.claim.ClaimOutcome.Granted;
import dev.hearth.claim.Directory;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.SessionStore.Filter;
import dev.hearth.claim.StoreException;
import dev.hearth.pool.SupplyStore.Slot;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One of two databases is away. */
class ShardOutageIT extends OnTwoShards {
    @BeforeEach
    void warm() {
        world.warm(EU, 10);
        world.warm(US, 10);
    }

    @Test
    void aShardThatIsDownRefusesItsOwnRegionsOnly() {
        var sessions = world.stores.sessions();
        var eu = world.claimed(null, EU);
        var us = world.claimed(null, US);
        world.toFar.cut();

        assertUnavailable(() -> world.claim(null, US));
        assertUnavailable(() -> sessions.find("shop", us.id()));
        assertUnavailable(() -> sessions.end(us.id(), "shop", EndReason.RELEASED));
        for (var i = 0; i < 3; i++) {
            var other = world.claimed(null, EU);
            assertThat(sessions.find("shop", other.id())).isPresent();
            sessions.end(other.id(), "shop", EndReason.RELEASED);
        }
        assertThat(sessions.attach(eu.id(), "shop")).isNotNull();

        world.toFar.mend();
        await().untilAsserted(() -> assertThat(sessions.find("shop", us.id())).contains(us));
        assertThat(world.claim(null, US)).isInstanceOf(Granted.class);
        await().untilAsserted(() ->
                assertThat(sessions.list("shop", new Filter(true, null, 100))).hasSize(3));
    }

    /** Who reads a list that misses some of his sessions would take them for ended. */
    @Test
    void aListThatWouldMissSessionsIsNotGiven() {
        world.claimed(null, EU);
        world.toFar.cut();
        assertUnavailable(() -> world.stores.sessions().list("shop", new Filter(null, null, 100)));
        assertUnavailable(() -> world.stores.census().live(Set.copyOf(world.pools.values())));
    }

    @Test
    void aClaimWithAnotherRegionToGoToGoesThereAndBackAfterTheOutage() {
        assertThat(world.claimed(null, US, EU).region()).isEqualTo(US);
        world.toFar.cut();
        for (var i = 0; i < 3; i++) {
            assertThat(world.claimed(null, US, EU).region()).isEqualTo(EU);
        }
        var group = world.stores
                .claims()
                .claim(List.of(world.request(null, US), world.request(null, EU), world.request(null, US, EU)));
        assertThat(group.getFirst())
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.cause().kind()).isEqualTo(StoreException.Kind.UNAVAILABLE));
        assertThat(group.subList(1, 3))
                .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Granted.class));
        world.toFar.mend();
        await().ignoreExceptionsMatching(StoreException.class::isInstance)
                .until(() -> world.claim(null, US) instanceof Granted);
        assertThat(world.claimed(null, US, EU).region()).isEqualTo(US);
    }

    @Test
    void theOtherShardsDeadlinesPassMeanwhile() throws SQLException {
        world.claimed(null, EU);
        world.claimed(null, US);
        for (var shard : List.of(world.near, world.far)) {
            shard.execute("UPDATE hearth.session SET expires_at = hearth.hearth_now() - interval '1 s'");
        }
        world.toFar.cut();
        for (var shard : world.stores.deadlines().shards()) {
            if (shard.name().equals("main")) {
                assertThat(shard.endOverdue(10)).hasSize(1);
            } else {
                assertUnavailable(() -> shard.endOverdue(10));
            }
        }
        world.toFar.mend();
        await().ignoreExceptionsMatching(StoreException.class::isInstance)
                .until(() -> world.stores.deadlines().shards().stream()
                                .mapToInt(shard -> shard.endOverdue(10).size())
                                .sum()
                        == 1);
    }

    @Test
    void theOperatorGoesOnWithThePoolsOfTheShardThatLives() {
        var supply = world.stores.supply();
        var marks = supply.marks();
        world.toFar.cut();

        assertUnavailable(() -> supply.browsers(world.pool(US)));
        assertUnavailable(() -> supply.reserve(new Slot(world.pool(US), "shop", US, US, "r1"), 1, world.epoch));
        assertThat(supply.marks()).as("nothing is taken for gone").isEqualTo(marks);
        assertThat(supply.poolsWithBrowsers()).containsExactly(world.pool(EU));
        assertThat(world.warm(EU, 1)).hasSize(1);
        supply.markCurrent(world.pool(EU), "r2", world.epoch);
        assertThat(supply.browsers(world.pool(EU))).hasSize(11);
        world.stores.directory().putProject(new Directory.Project("new", 5, Duration.ofMinutes(1)));
        assertThat(world.stores.directory().project("new")).isPresent();

        world.toFar.mend();
        await().untilAsserted(() -> assertThat(world.warm(US, 1)).hasSize(1));
    }

    /** A gateway that restarts in an outage of one shard is needed for the others. */
    @Test
    void aProcessStartsWithoutAShardAndTakesItInWhenItIsBack() {
        world.toFar.cut();
        try (var started = world.open()) {
            assertUnavailable(() -> started.claims().claim(List.of(world.request(null, US))));
            assertThat(started.claims().claim(List.of(world.request(null, EU))).getFirst())
                    .isInstanceOf(Granted.class);
            assertThat(started.claims()
                            .claim(List.of(world.request(null, US, EU)))
                            .getFirst())
                    .isInstanceOf(Granted.class);
            world.toFar.mend();
            await().ignoreExceptionsMatching(StoreException.class::isInstance)
                    .<ClaimOutcome>until(
                            () -> started.claims()
                                    .claim(List.of(world.request(null, US)))
                                    .getFirst(),
                            Granted.class::isInstance);
        }
    }

    private static void assertUnavailable(ThrowingCallable asked) {
        assertThatThrownBy(asked)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.UNAVAILABLE));
    }
}
