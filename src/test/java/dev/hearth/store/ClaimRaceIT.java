package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimOutcome.Granted;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.Directory;
import dev.hearth.claim.EndReason;
import dev.hearth.testing.Answers;
import dev.hearth.testing.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ClaimRaceIT {
    private static final int PAIRS = 20_000;

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private final ClaimHistory history = new ClaimHistory();
    private StoreWorld world;

    @BeforeEach
    void open() throws SQLException {
        world = StoreWorld.on(DATABASE).emptied();
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    @Answers({"agent-sandbox#418", "agent-sandbox#478", "browserless#797"})
    void twentyThousandClaimsGiveNoBrowserTwiceAndRefuseNoneThatIsFree() throws Exception {
        var pool = world.pool("race", null);
        world.simulateWarm(pool, 200);
        var left = new AtomicInteger(PAIRS);
        var refusals = new ConcurrentLinkedQueue<ClaimOutcome>();

        // 32 clients hold at most 32 × 5 = 160 of 200 browsers: whoever is refused is refused falsely
        Clients.run(32, client -> {
            try (var recycler = world.database.connect()) {
                while (left.get() > 0) {
                    var wishes = 1 + ThreadLocalRandom.current().nextInt(5);
                    var given = new ArrayList<UUID>();
                    left.addAndGet(-wishes);
                    for (var outcome : world.claim(requests(pool, wishes))) {
                        if (outcome instanceof Granted(var session, var _)) {
                            var holding = history.claimed(session.browser(), session.id());
                            holding.givesBack();
                            world.stores.sessions().end(session.id(), "shop", EndReason.RELEASED);
                            given.add(session.browser());
                        } else {
                            refusals.add(outcome);
                        }
                    }
                    recycle(recycler, given);
                }
            }
        });

        assertThat(history.claims()).isGreaterThanOrEqualTo(PAIRS);
        assertThat(history.doubles()).isEmpty();
        assertThat(refusals).isEmpty();
        assertThat(world.upkeep().auditCounters()).isEmpty();
    }

    private ClaimRequest[] requests(UUID pool, int count) {
        var requests = new ArrayList<ClaimRequest>();
        for (var i = 0; i < count; i++) {
            requests.add(world.request(pool));
        }
        return requests.toArray(ClaimRequest[]::new);
    }

    /** New browsers take the places of the old ones. */
    private static void recycle(Connection connection, List<UUID> browsers) throws SQLException {
        try (var statement = connection.prepareStatement(
                "UPDATE hearth.browser SET state = 'WARM', claimable = true WHERE id = ANY (?) AND state = 'RETIRING'")) {
            statement.setArray(1, connection.createArrayOf("uuid", browsers.toArray()));
            assertThat(statement.executeUpdate()).isEqualTo(browsers.size());
        }
    }

    @Test
    void drainsAPoolToTheLastBrowserWithoutAFalseRefusal() throws Exception {
        var pool = world.pool("drain", null);
        world.simulateWarm(pool, 1_000);
        var refused = new AtomicInteger();

        Clients.run(16, client -> {
            for (var i = 0; i < 1_000 / 16 + 1; i++) {
                switch (world.claim(world.request(pool)).getFirst()) {
                    case Granted(var session, var _) -> history.claimed(session.browser(), session.id());
                    case ClaimOutcome.NoneWarm _ -> refused.incrementAndGet();
                    case ClaimOutcome.OverQuota _,
                            ClaimOutcome.OverRate _,
                            ClaimOutcome.KeyReused _,
                            ClaimOutcome.KeyInProgress _,
                            ClaimOutcome.Failed _ -> throw new AssertionError("unexpected");
                }
            }
        });

        assertThat(history.claims()).isEqualTo(1_000);
        assertThat(history.doubles()).isEmpty();
        assertThat(refused).hasValue(16 * (1_000 / 16 + 1) - 1_000);
    }

    @Test
    void keepsAQuotaOfTenUnderSixtyFourClients() throws Exception {
        var pool = world.pool("quota", null);
        world.simulateWarm(pool, 300);
        world.stores.directory().putProject(new Directory.Project("shop", 10, null));

        world.claimAndGiveBack(world.stores.claims("eu-west"), pool, history);

        assertThat(history.claims()).isGreaterThan(10);
        assertThat(history.most()).isLessThanOrEqualTo(10);
        assertThat(world.upkeep().auditCounters()).isEmpty();
    }

    @Test
    @Answers({"docker-selenium#2112", "docker-selenium#1423"})
    void neverRetiresWhatIsBeingClaimed() throws Exception {
        var pool = world.pool("retire", null);
        var browsers = world.warm(pool, "retire", 200);
        var retired = new ConcurrentLinkedQueue<UUID>();

        Clients.run(8, client -> {
            if (client % 2 == 0) {
                for (var i = 0; i < 50; i++) {
                    if (world.claim(world.request(pool)).getFirst() instanceof Granted(var session, var _)) {
                        history.claimed(session.browser(), session.id());
                    }
                }
            } else {
                for (var browser : browsers) {
                    if (world.stores.supply().retire(browser.id(), world.epoch)) {
                        retired.add(browser.id());
                    }
                }
            }
        });

        assertThat(history.claims()).isPositive();
        var claimed = world.strings(
                "SELECT id FROM hearth.browser WHERE pool_id = '%s' AND state = 'CLAIMED'".formatted(pool));
        assertThat(claimed).hasSize(history.claims());
        assertThat(List.copyOf(retired).stream().map(UUID::toString)).doesNotContainAnyElementsOf(claimed);
    }
}
