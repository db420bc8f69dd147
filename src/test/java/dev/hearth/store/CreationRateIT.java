package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimOutcome.Granted;
import dev.hearth.claim.ClaimOutcome.OverRate;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.Directory;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.SessionListener;
import dev.hearth.claim.SessionStore.Filter;
import dev.hearth.claim.Sha256;
import dev.hearth.testing.Answers;
import dev.hearth.testing.postgres.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CreationRateIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private StoreWorld world;
    private UUID pool;

    @BeforeEach
    void open() throws SQLException {
        world = StoreWorld.on(DATABASE).emptied();
        world.passTime(Duration.ZERO);
        pool = world.pool("web", null);
        world.simulateWarm(pool, 500);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void isExactUnderManyClientsOfTwoGateways() throws Exception {
        rate(30);
        var granted = new AtomicInteger();
        var refused = new AtomicInteger();
        var begun = System.nanoTime();
        try (var other = Stores.connect(StoreSettings.single(StoreWorld.settings(DATABASE)), SessionListener.NOBODY)) {
            Clients.run(32, client -> {
                var claims = client % 2 == 0 ? world.stores.claims("eu-west") : other.claims("eu-west");
                for (var i = 0; i < 4; i++) {
                    switch (claims.claim(List.of(world.request(pool))).getFirst()) {
                        case Granted _ -> granted.incrementAndGet();
                        case OverRate over -> {
                            assertThat(over.perMinute()).isEqualTo(30);
                            assertThat(over.reset()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(2));
                            refused.incrementAndGet();
                        }
                        case ClaimOutcome unexpected -> throw new AssertionError(unexpected.toString());
                    }
                }
            });
        }
        var filled = (int) Math.ceil((System.nanoTime() - begun) / 1e9 * 30 / 60);
        assertThat(granted).as("a full bucket and what ran in meanwhile").hasValueBetween(30, 30 + filled);
        assertThat(granted.get() + refused.get()).isEqualTo(128);
        assertThat(world.upkeep().auditCounters()).isEmpty();
    }

    @Test
    void fillsEvenlyAndHoldsNoMoreThanAMinutesWorth() throws Exception {
        rate(6);
        assertThat(grantedOf(10)).isEqualTo(6);
        world.passTime(Duration.ofSeconds(21));
        assertThat(grantedOf(10)).isEqualTo(2);
        world.passTime(Duration.ofHours(1));
        assertThat(grantedOf(10)).isEqualTo(6);
    }

    @Test
    void anotherRateBeginsFullAndNoneIsNoLimit() throws Exception {
        rate(2);
        assertThat(grantedOf(5)).isEqualTo(2);
        rate(2);
        assertThat(grantedOf(5)).as("the same rate again changes nothing").isZero();
        rate(3);
        assertThat(grantedOf(5)).isEqualTo(3);
        rate(null);
        assertThat(grantedOf(50)).isEqualTo(50);
        assertThat(world.stores.directory().project("shop")).contains(new Directory.Project("shop", null, null, null));
    }

    @Test
    @Answers("mcp-server-browserbase#40")
    void replaysReleasesAndReadsTakeNothingFromIt() {
        rate(1);
        var first = keyed("k");
        var session = ((Granted) world.claim(first).getFirst()).session();
        for (var i = 0; i < 5; i++) {
            assertThat(world.claim(keyed("k")).getFirst())
                    .isInstanceOfSatisfying(
                            Granted.class, again -> assertThat(again.replayed()).isTrue());
        }
        assertThat(world.claim(world.request(pool)).getFirst()).isInstanceOf(OverRate.class);
        assertThat(world.stores.sessions().attach(session.id(), "shop")).isNotNull();
        assertThat(world.stores.sessions().list("shop", new Filter(null, null, 10)))
                .hasSize(1);
        assertThat(world.stores.sessions().end(session.id(), "shop", EndReason.RELEASED))
                .isInstanceOf(dev.hearth.claim.SessionStore.Ending.Ended.class);
    }

    @Test
    void whoWaitsSeesIt() {
        rate(1);
        var vacancies = world.stores.vacancies();
        assertThat(vacancies.look(Set.of(pool), Set.of("shop")).projects().get("shop"))
                .isEqualTo(new dev.hearth.claim.Vacancies.Room(1, null));
        world.claimed(world.request(pool));
        assertThat(vacancies.look(Set.of(pool), Set.of("shop")).projects().get("shop"))
                .satisfies(room -> assertThat(room.refusal()).isInstanceOf(OverRate.class));
    }

    private int grantedOf(int claims) {
        return (int) java.util.stream.IntStream.range(0, claims)
                .filter(_ -> world.claim(world.request(pool)).getFirst() instanceof Granted)
                .count();
    }

    private ClaimRequest keyed(String key) {
        var plain = world.request(pool);
        return new ClaimRequest(
                plain.session(),
                plain.project(),
                plain.candidates(),
                null,
                "{}",
                new ClaimRequest.Idempotency(key, Sha256.of("same")));
    }

    private void rate(@Nullable Integer perMinute) {
        world.stores.directory().putProject(new Directory.Project("shop", null, null, perMinute));
    }
}
