package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.EndReason;
import dev.hearth.claim.SessionStore.Ending;
import dev.hearth.store.GatewayRegistry.Gateway;
import dev.hearth.testing.Answers;
import dev.hearth.testing.postgres.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class UpkeepIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private StoreWorld world;

    @BeforeEach
    void open() throws SQLException {
        world = StoreWorld.on(DATABASE).emptied();
        world.passTime(Duration.ZERO);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void movesLateRowsIntoTheirDaysAndForgetsOldOnes() throws Exception {
        var pool = world.pool("web", null);
        world.warm(pool, "web", 1);
        var session = world.claimed(world.request(pool));
        world.stores.sessions().end(session.id(), null, EndReason.RELEASED);
        assertThat(tableOf(session.id()))
                .as("no partition was made in time")
                .containsExactly("session_history_default");

        Clients.run(4, client -> world.upkeep().partitions(Duration.ofDays(30)));
        world.upkeep().partitions(Duration.ofDays(30));
        assertThat(tableOf(session.id())).first().asString().matches("session_history_\\d{8}");
        assertThat(world.stores.sessions().find("shop", session.id())).isPresent();

        world.passTime(Duration.ofDays(29));
        world.upkeep().partitions(Duration.ofDays(30));
        assertThat(world.stores.sessions().find("shop", session.id())).isPresent();
        world.passTime(Duration.ofDays(32));
        world.upkeep().partitions(Duration.ofDays(30));
        assertThat(world.stores.sessions().find("shop", session.id())).isEmpty();
    }

    /** Where the ending's row was to go is not where it belongs any more. */
    @Test
    void anEndingWhoseDayIsMadeMeanwhileIsDone() throws Exception {
        world.passTime(Duration.ofDays(60));
        var pool = world.pool("web", null);
        world.warm(pool, "web", 1);
        var session = world.claimed(world.request(pool));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var upkeep = DATABASE.connect();
                var statement = upkeep.createStatement()) {
            upkeep.setAutoCommit(false);
            statement.execute("SET search_path TO hearth");
            statement.execute("SELECT add_day_partition('session_history', 'ended_at',"
                    + " (clock_timestamp() AT TIME ZONE 'UTC' + interval '60 days')::date)");
            var ending = threads.submit(() -> world.stores.sessions().end(session.id(), null, EndReason.RELEASED));
            DATABASE.address().awaitLockWait("session.end");

            upkeep.commit();

            assertThat(ending.get()).isInstanceOf(Ending.Ended.class);
        }
        assertThat(tableOf(session.id())).first().asString().matches("session_history_\\d{8}");
    }

    private List<String> tableOf(UUID session) throws SQLException {
        return world
                .strings("SELECT tableoid::regclass::text FROM hearth.session_history WHERE id = '%s'"
                        .formatted(session))
                .stream()
                .map(name -> name.replace("hearth.", ""))
                .toList();
    }

    @Test
    @Answers("browserless#1423")
    void repairsACounterThatDrifted() throws Exception {
        var pool = world.pool("web", 5);
        world.warm(pool, "web", 1);
        world.claimed(world.request(pool));
        assertThat(world.upkeep().auditCounters()).isEmpty();
        world.execute("UPDATE hearth.pool_counter SET live = live + 3 WHERE stripe = 2");

        assertThat(world.upkeep().auditCounters()).containsExactly(new Upkeep.Drift(pool.toString(), 4, 1));
        assertThat(world.upkeep().auditCounters()).isEmpty();
    }

    @Test
    void aGatewayIsDeadAfterThreeSeconds() throws Exception {
        var gateway = new Gateway("gateway-0", UUID.randomUUID());
        // Again where this machine stood still in between for longer than a gateway may.
        await().untilAsserted(() -> {
            world.gateways().renew(gateway);
            assertThat(world.gateways().live()).containsExactly(gateway);
        });

        world.passTime(Duration.ofSeconds(4));
        assertThat(world.gateways().live()).isEmpty();
        assertThat(world.gateways().dead()).containsExactly(gateway);

        var restarted = new Gateway("gateway-0", UUID.randomUUID());
        await().untilAsserted(() -> {
            world.gateways().renew(restarted);
            world.gateways().leave(gateway);
            assertThat(world.gateways().live()).containsExactly(restarted);
        });
        world.gateways().leave(restarted);
        assertThat(world.gateways().live()).isEmpty();
    }
}
