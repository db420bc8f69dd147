package dev.hearth.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.Deadlines;
import dev.hearth.claim.Session;
import dev.hearth.claim.StoreException;
import dev.hearth.testing.FakeStore;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayDutiesTest {
    private final Vertx vertx = Vertx.vertx();
    private final FakeStore store = new FakeStore();
    private final AtomicLong now = new AtomicLong();
    private final GatewayState state = new GatewayState(now::get);
    private final Clients clients = new Clients();

    @TempDir
    Path folder = Path.of(".");

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void isReadyUntilTheStoreHasBeenAwayForAMinuteAndAgainAtItsFirstAnswer() {
        var duties = duties(List.of());
        state.storeAnswered("main");
        store.broken = StoreException.Kind.UNAVAILABLE;
        duties.start();
        await().untilAsserted(() -> assertThat(state.storeReachable()).isFalse());
        assertThat(state.ready()).as("it says why it refuses").isTrue();
        now.addAndGet(GatewayState.STILL_READY.toNanos());
        assertThat(state.ready()).isFalse();
        store.broken = null;
        await().untilAsserted(() -> assertThat(state.ready()).isTrue());
        duties.stop(Duration.ZERO);
        assertThat(state.ready()).as("a stopping gateway gets no traffic").isFalse();
    }

    @Test
    void aGatewayThatNeverReachedItsStoreIsUnreadyAtOnce() {
        state.storeFailed("main");
        assertThat(state.ready()).as("one failure is no outage").isTrue();
        for (var i = 0; i < 3; i++) {
            state.storeFailed("main");
        }
        assertThat(state.ready()).isFalse();
        state.storeAnswered("main");
        assertThat(state.ready()).isTrue();
    }

    @Test
    void theMinuteBeginsWithTheFirstFailureAfterAnAnswer() {
        state.storeAnswered("main");
        fail("main");
        now.addAndGet(GatewayState.STILL_READY.toNanos() - 1);
        fail("main");
        assertThat(state.ready()).isTrue();
        now.incrementAndGet();
        assertThat(state.ready()).isFalse();
        state.storeAnswered("main");
        fail("main");
        assertThat(state.ready()).isTrue();
    }

    @Test
    void oneShardThatIsAwayLeavesAGatewayReadyForTheOthers() {
        state.storeAnswered("main");
        state.storeAnswered("far");
        fail("far");
        now.addAndGet(GatewayState.STILL_READY.toNanos());
        assertThat(state.shardsAway()).containsExactly("far");
        assertThat(state.ready()).isTrue();
        fail("main");
        assertThat(state.storeReachable()).as("no shard answers").isFalse();
        now.addAndGet(GatewayState.STILL_READY.toNanos());
        assertThat(state.ready()).isFalse();
    }

    private void fail(String shard) {
        for (var i = 0; i < 4; i++) {
            state.storeFailed(shard);
        }
    }

    @Test
    void aDutyThatBreaksIsDoneAgain() {
        var runs = new AtomicInteger();
        var duties = duties(List.of(() -> {
            runs.incrementAndGet();
            throw new IllegalStateException("broken by the test");
        }));
        duties.start();
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(runs).hasValueGreaterThan(1));
        duties.stop(Duration.ZERO);
    }

    @Test
    void waitsForClientsBeforeItClosesThem() {
        clients.open.set(1);
        var stopping = Thread.ofVirtual().start(() -> duties(List.of()).stop(Duration.ofSeconds(30)));
        await().untilAsserted(() -> assertThat(state.draining()).isTrue());
        assertThat(clients.closings).hasValue(0);
        clients.open.set(0);
        await().untilAsserted(() -> assertThat(stopping.isAlive()).isFalse());

        clients.open.set(1);
        duties(List.of()).stop(Duration.ofMillis(100));
        assertThat(clients.closings).hasPositiveValue();
    }

    @Test
    void aShardThatDoesNotAnswerKeepsNoOtherFromItsSweeps() {
        var over = new CountDownLatch(1);
        var silent = new Counting("silent", over);
        var alive = new Counting("alive", new CountDownLatch(0));
        var duties = duties(() -> List.of(silent, alive), List.of());
        duties.start();
        await().untilAsserted(() -> {
            assertThat(alive.sweeps).hasValueGreaterThan(3);
            assertThat(alive.flips).hasValueGreaterThan(1);
        });
        assertThat(silent.sweeps).as("waits in its first").hasValue(1);
        over.countDown();
        await().untilAsserted(() -> assertThat(silent.sweeps).hasValueGreaterThan(1));
        duties.stop(Duration.ZERO);
    }

    /** @param answers opens when it answers */
    private record Counting(String name, CountDownLatch answers, AtomicInteger sweeps, AtomicInteger flips)
            implements Deadlines.OfShard {
        Counting(String name, CountDownLatch answers) {
            this(name, answers, new AtomicInteger(), new AtomicInteger());
        }

        @Override
        public List<Session> endOverdue(int limit) {
            sweeps.incrementAndGet();
            return answered(List.of());
        }

        @Override
        public int flipSilent(Duration silence) {
            flips.incrementAndGet();
            return answered(0);
        }

        private <T> T answered(T answer) {
            try {
                answers.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            return answer;
        }
    }

    private GatewayDuties duties(List<Runnable> more) {
        return duties(store, more);
    }

    private GatewayDuties duties(Deadlines deadlines, List<Runnable> more) {
        var agents = new AgentCalls(vertx, GatewayKeys.generate(folder.resolve("k")), InstantSource.system());
        return new GatewayDuties(new SessionEnds(store, agents, clients), deadlines, state, clients, more);
    }

    private static final class Clients implements LiveConnections {
        private final AtomicInteger open = new AtomicInteger();
        private final AtomicInteger closings = new AtomicInteger();

        @Override
        public void sessionEnded(UUID session) {
            // No session ends in these tests.
        }

        @Override
        public void closeAll() {
            closings.incrementAndGet();
        }

        @Override
        public int open() {
            return open.get();
        }
    }
}
