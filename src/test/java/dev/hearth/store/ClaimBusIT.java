package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimOutcome.Granted;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.ClaimStore;
import dev.hearth.claim.Directory;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionStore;
import dev.hearth.claim.Sha256;
import dev.hearth.claim.StoreException;
import dev.hearth.store.bus.BusSettings;
import dev.hearth.store.bus.ClaimBus;
import dev.hearth.testing.postgres.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Claims of many clients in common transactions. The races of {@code ClaimRaceIT} go through the same bus. */
class ClaimBusIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ClaimHistory history = new ClaimHistory();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private StoreWorld world;

    @BeforeEach
    void open() throws SQLException {
        world = StoreWorld.on(DATABASE).emptied();
    }

    @AfterEach
    void close() {
        clients.close();
        world.close();
    }

    @Test
    void aBrokenMemberFailsAloneAndTheOthersOfItsGroupHaveTheirBrowsers() throws Exception {
        var pool = world.pool("broken-member", null);
        world.simulateWarm(pool, 20);
        var taken = world.claimed(world.request(pool));
        // A second session of the same id: the database refuses the statement, and with it the group.
        var broken = withId(world.request(pool), taken.id());
        var whole = new ArrayList<ClaimRequest>();
        for (var i = 0; i < 8; i++) {
            whole.add(world.request(pool));
        }

        try (var gate = new Gate(world.stores.claims("eu-west"), 1)) {
            var first = gate.underWay(world.request(pool));
            var riders = new ArrayList<Future<ClaimOutcome>>();
            whole.subList(0, 4).forEach(request -> riders.add(gate.queued(request)));
            var refused = gate.queued(broken);
            whole.subList(4, 8).forEach(request -> riders.add(gate.queued(request)));
            gate.open();

            assertThat(first.get()).isInstanceOf(Granted.class);
            assertThat(riders)
                    .extracting(Future::get)
                    .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Granted.class));
            assertThat(riders)
                    .extracting(rider -> session(rider.get()).id())
                    .as("each has the session that it asked for")
                    .containsExactlyElementsOf(
                            whole.stream().map(ClaimRequest::session).toList());
            assertThat(riders)
                    .extracting(rider -> session(rider.get()).browser())
                    .doesNotHaveDuplicates();
            assertThatThrownBy(refused::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.BROKEN));
            assertThat(gate.groups).as("one by itself, nine together").containsExactly(1, 9);
        }
        assertThat(world.upkeep().auditCounters()).isEmpty();
    }

    @Test
    void aGroupThatIsNotTriedAgainFailsThemAllAndThatIsCaught() throws Exception {
        var pool = world.pool("mutant-group", null);
        world.simulateWarm(pool, 20);
        var taken = world.claimed(world.request(pool));
        ClaimStore withoutSecondTry = group -> {
            if (group.stream().anyMatch(request -> request.session().equals(taken.id()))) {
                throw new StoreException(
                        StoreException.Kind.OUTCOME_UNKNOWN, "as if nobody could know", new SQLException());
            }
            return world.stores.claims("eu-west").claim(group);
        };

        try (var gate = new Gate(withoutSecondTry, 1)) {
            gate.underWay(world.request(pool));
            var innocent = gate.queued(world.request(pool));
            gate.queued(withId(world.request(pool), taken.id()));
            gate.open();

            assertThatThrownBy(innocent::get).isInstanceOf(ExecutionException.class);
        }
    }

    @Test
    void aKeyThatComesTwiceInOneGroupMakesOneSession() throws Exception {
        var pool = world.pool("same-key", null);
        world.simulateWarm(pool, 20);

        try (var gate = new Gate(world.stores.claims("eu-west"), 1)) {
            gate.underWay(world.request(pool));
            var first = gate.queued(keyed(world.request(pool)));
            var second = gate.queued(keyed(world.request(pool)));
            gate.open();

            assertThat(first.get()).isInstanceOf(Granted.class);
            assertThat(second.get()).isInstanceOf(ClaimOutcome.KeyInProgress.class);
            var again = gate.bus.claim(List.of(keyed(world.request(pool)))).getFirst();
            assertThat(again).isEqualTo(new Granted(session(first.get()), true));
        }
    }

    @Test
    void aQuotaOfTenHoldsUnderSixtyFourClients() throws Exception {
        var pool = world.pool("bus-quota", null);
        world.simulateWarm(pool, 2_000);
        world.stores.directory().putProject(new Directory.Project("shop", 10, null));
        var groups = new AtomicInteger();

        try (var bus = new ClaimBus(counting(groups), BusSettings.DEFAULT, PATIENCE)) {
            world.claimAndGiveBack(bus, pool, history);
        }

        assertThat(history.claims()).isGreaterThan(10);
        assertThat(groups).as("claims went in groups").hasValueLessThan(64 * 20);
        assertThat(history.most()).isLessThanOrEqualTo(10);
        assertThat(history.doubles()).isEmpty();
        assertThat(world.upkeep().auditCounters()).isEmpty();
    }

    @Test
    void drainsAPoolUnderSixtyFourClientsWithoutADoubleClaimOrAFalseRefusal() throws Exception {
        var pool = world.pool("bus-drain", null);
        world.simulateWarm(pool, 2_000);
        var refused = new AtomicInteger();
        var groups = new AtomicInteger();

        try (var bus = new ClaimBus(counting(groups), BusSettings.DEFAULT, PATIENCE)) {
            Clients.run(64, client -> {
                for (var i = 0; i < 32; i++) {
                    switch (bus.claim(List.of(world.request(pool))).getFirst()) {
                        case Granted(var session, var _) -> history.claimed(session.browser(), session.id());
                        case ClaimOutcome.NoneWarm _ -> refused.incrementAndGet();
                        case ClaimOutcome other -> throw new AssertionError(other);
                    }
                }
            });
        }

        assertThat(history.claims()).isEqualTo(2_000);
        assertThat(history.doubles()).isEmpty();
        assertThat(refused).hasValue(64 * 32 - 2_000);
        assertThat(groups).hasValueLessThan(64 * 32);
    }

    @Test
    void aBusThatHandsTheSameBrowserToTwoIsCaught() throws Exception {
        var pool = world.pool("mutant-answers", null);
        world.simulateWarm(pool, 200);
        ClaimStore firstForAll = group -> {
            var outcomes = world.stores.claims("eu-west").claim(group);
            return outcomes.stream().map(_ -> outcomes.getFirst()).toList();
        };

        try (var gate = new Gate(firstForAll, 1)) {
            gate.underWay(world.request(pool));
            var riders = List.of(gate.queued(world.request(pool)), gate.queued(world.request(pool)));
            gate.open();
            for (var rider : riders) {
                var session = session(rider.get());
                history.claimed(session.browser(), session.id());
            }
        }

        assertThat(history.doubles()).isNotEmpty();
    }

    @Test
    void ofManyWhoEndASessionTogetherOneEndsItAndNoStrangerDoes() throws Exception {
        var pool = world.pool("bus-endings", null);
        world.simulateWarm(pool, 40);
        var sessions = new ArrayList<UUID>();
        for (var i = 0; i < 40; i++) {
            sessions.add(world.claimed(world.request(pool)).id());
        }
        var ended = new ConcurrentLinkedQueue<UUID>();
        var already = new AtomicInteger();

        // Strangers first in each turn: what they ask for is in the same groups.
        Clients.run(32, client -> {
            for (var session : sessions) {
                var stranger = client % 2 == 0;
                switch (world.stores.sessions().end(session, stranger ? "other" : "shop", EndReason.RELEASED)) {
                    case SessionStore.Ending.Ended _ when !stranger -> ended.add(session);
                    case SessionStore.Ending.AlreadyEnded _ when !stranger -> already.incrementAndGet();
                    case SessionStore.Ending.Unknown _ when stranger -> {}
                    case SessionStore.Ending wrong -> throw new AssertionError(stranger + " " + wrong);
                }
            }
        });

        assertThat(ended).containsExactlyInAnyOrderElementsOf(sessions);
        assertThat(already).hasValue(16 * 40 - 40);
        assertThat(world.upkeep().auditCounters()).isEmpty();
    }

    private ClaimStore counting(AtomicInteger groups) {
        return group -> {
            groups.incrementAndGet();
            return world.stores.claims("eu-west").claim(group);
        };
    }

    private static Session session(ClaimOutcome outcome) {
        return ((Granted) outcome).session();
    }

    private static ClaimRequest withId(ClaimRequest request, UUID session) {
        return new ClaimRequest(
                session, request.project(), request.candidates(), request.zone(), request.metadata(), null);
    }

    private static ClaimRequest keyed(ClaimRequest request) {
        return new ClaimRequest(
                request.session(),
                request.project(),
                request.candidates(),
                request.zone(),
                request.metadata(),
                new ClaimRequest.Idempotency("the-clients-own", Sha256.of("the same wish")));
    }

    /** A bus whose lane is held up at its first group, so that the next one is known. */
    private final class Gate implements AutoCloseable {
        private final CountDownLatch opened = new CountDownLatch(1);
        private final List<Integer> groups = java.util.Collections.synchronizedList(new ArrayList<>());
        private final ClaimBus bus;

        Gate(ClaimStore store, int lanes) {
            bus = new ClaimBus(
                    group -> {
                        groups.add(group.size());
                        try {
                            opened.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        return store.claim(group);
                    },
                    new BusSettings(lanes, 64, Duration.ZERO, Duration.ZERO, Duration.ZERO),
                    PATIENCE);
        }

        Future<ClaimOutcome> underWay(ClaimRequest request) {
            var answer = ask(request);
            await().until(() -> groups.size() == 1);
            return answer;
        }

        Future<ClaimOutcome> queued(ClaimRequest request) {
            var before = bus.waiting();
            var answer = ask(request);
            await().until(() -> bus.waiting() == before + 1);
            return answer;
        }

        private Future<ClaimOutcome> ask(ClaimRequest request) {
            return clients.submit(() -> bus.claim(List.of(request)).getFirst());
        }

        void open() {
            opened.countDown();
        }

        @Override
        public void close() {
            open();
            bus.close();
        }
    }
}
