package dev.hearth.store.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.StoreException;
import dev.hearth.claim.StoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BusTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    /** What each group asked for, as the work saw it. */
    private final Queue<List<Integer>> groups = new ConcurrentLinkedQueue<>();
    /** One for each group that may go on. */
    private final Semaphore gate = new Semaphore(0);

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void end() {
        gate.release(1_000);
        callers.close();
    }

    @Test
    void whoComesAloneGoesAtOnceAndThoseWhoComeMeanwhileGoTogether() throws Exception {
        try (var bus = bus(LONG, BusTest::doubled)) {
            var answers = oneUnderWayAndQueued(bus, 2, 3, 4);
            gate.release(2);

            assertThat(answers).map(Future::get).containsExactly(2, 4, 6, 8);
            assertThat(groups).containsExactly(List.of(1), List.of(2, 3, 4));
        }
    }

    @Test
    void aSlowGroupHoldsNobodyUpForLongerThanTheHold() throws Exception {
        try (var bus = new Bus<>(settings(2, 8, Duration.ofMillis(20)), Duration.ZERO, LONG, gated(BusTest::doubled))) {
            var slow = ask(bus, 1);
            underWay(1);
            var other = ask(bus, 2);
            // Two groups are on their way: the second one did not wait for the first.
            underWay(2);
            assertThat(groups).containsExactly(List.of(1), List.of(2));
            gate.release(2);
            assertThat(List.of(slow.get(), other.get())).containsExactly(2, 4);
        }
    }

    @Test
    void aLaneBeginsItsNextGroupWithThePace() throws Exception {
        var pace = Duration.ofMillis(100);
        var begun = new ConcurrentLinkedQueue<Long>();
        gate.release(10);
        try (var bus = paced(pace, group -> {
            begun.add(System.nanoTime());
            return doubled(group);
        })) {
            // The lane's own clock starts before the group's work does.
            var first = System.nanoTime();
            assertThat(ask(bus, 1).get()).isEqualTo(2);
            assertThat(ask(bus, 2).get()).isEqualTo(4);
            begun.remove();
            assertThat(Duration.ofNanos(begun.remove() - first)).isGreaterThanOrEqualTo(pace);
        }
    }

    @Test
    void whoComesWhileALaneRestsWaitsWithTheOthersAndIsRefusedAtOnceByTheEnd() throws Exception {
        gate.release(10);
        var bus = paced(Duration.ofHours(1), BusTest::doubled);
        assertThat(ask(bus, 1).get()).isEqualTo(2);
        var waiting = List.of(ask(bus, 2), ask(bus, 3));
        await().until(() -> bus.waiting() == 2);

        bus.close();

        waiting.forEach(one -> assertThatThrownBy(one::get).cause().isInstanceOf(StoreException.class));
        assertThat(groups).containsExactly(List.of(1));
    }

    @Test
    void whoBreaksAGroupFailsAlone() throws Exception {
        try (var bus = bus(LONG, group -> {
            if (group.contains(3)) {
                throw new StoreException(Kind.BROKEN, "three", new IllegalStateException());
            }
            return doubled(group);
        })) {
            var answers = oneUnderWayAndQueued(bus, 2, 3, 4);
            gate.release(10);

            assertThat(answers.get(1).get()).isEqualTo(4);
            assertThat(answers.get(3).get()).isEqualTo(8);
            assertFailed(answers.get(2), Kind.BROKEN);
            assertThat(groups).containsExactly(List.of(1), List.of(2, 3, 4), List.of(2), List.of(3), List.of(4));
        }
    }

    @Test
    void aDefectThatIsNoStoresFailsAloneToo() throws Exception {
        try (var bus = bus(LONG, group -> {
            if (group.contains(3)) {
                throw new IllegalArgumentException("three");
            }
            return doubled(group);
        })) {
            var answers = oneUnderWayAndQueued(bus, 2, 3);
            gate.release(10);

            assertThat(answers.get(1).get()).isEqualTo(4);
            assertThatThrownBy(() -> answers.get(2).get()).hasRootCauseMessage("three");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UNAVAILABLE", "OUTCOME_UNKNOWN"})
    void whatIsNobodysFaultOrMayBeDoneIsNotDoneAgain(Kind kind) throws Exception {
        try (var bus = bus(LONG, group -> {
            if (group.size() > 1) {
                throw new StoreException(kind, "away", new IllegalStateException());
            }
            return doubled(group);
        })) {
            var answers = oneUnderWayAndQueued(bus, 2, 3);
            gate.release(10);

            for (var refused : answers.subList(1, 3)) {
                assertFailed(refused, kind);
            }
            assertThat(groups).containsExactly(List.of(1), List.of(2, 3));
        }
    }

    @Test
    void anErrorIsAnAnswerAndTheLaneGoesOn() throws Exception {
        try (var bus = bus(LONG, group -> {
            if (group.contains(2)) {
                throw new StackOverflowError("two");
            }
            return doubled(group);
        })) {
            var answers = oneUnderWayAndQueued(bus, 2);
            gate.release(10);

            assertFailed(answers.get(1), Kind.OUTCOME_UNKNOWN);
            assertThat(bus.ask(5)).isEqualTo(10);
        }
    }

    @Test
    void whoWaitsForADatabaseThatCannotBeReachedIsRefusedTogetherWithThoseWhoFoundOut() throws Exception {
        try (var bus = bus(LONG, group -> {
            throw new StoreException(Kind.UNAVAILABLE, "away", new IllegalStateException(), true);
        })) {
            var answers = oneUnderWayAndQueued(bus, 2, 3);
            gate.release(1);

            for (var refused : answers) {
                assertFailed(refused, Kind.UNAVAILABLE);
            }
            assertThat(groups).containsExactly(List.of(1));
        }
    }

    @Test
    void aDatabaseThatIsBusyIsAskedByThoseWhoWait() throws Exception {
        try (var bus = bus(LONG, group -> {
            if (group.contains(1)) {
                throw new StoreException(Kind.UNAVAILABLE, "busy", new IllegalStateException("no lock in time"));
            }
            return doubled(group);
        })) {
            var answers = oneUnderWayAndQueued(bus, 2);
            gate.release(2);

            assertThatThrownBy(() -> answers.get(0).get()).hasRootCauseMessage("no lock in time");
            assertThat(answers.get(1).get()).isEqualTo(4);
        }
    }

    @Test
    void whoIsInterruptedInTheQueueLeavesNothingBehind() throws Exception {
        try (var bus = bus(LONG, BusTest::doubled)) {
            var first = ask(bus, 1);
            underWay(1);
            var caller = new Caller(() -> bus.ask(2));
            await().until(() -> bus.waiting() == 1);

            caller.thread.interrupt();

            assertFailed(caller.answer, Kind.UNAVAILABLE);
            gate.release(10);
            assertThat(first.get()).isEqualTo(2);
            assertThat(groups).containsExactly(List.of(1));
        }
    }

    @Test
    void whoIsInterruptedUnderWayStillGetsItsAnswerAndKnowsOfIt() throws Exception {
        try (var bus = bus(LONG, BusTest::doubled)) {
            var caller = new Caller(() -> {
                var answer = bus.ask(1);
                return Thread.currentThread().isInterrupted() ? answer : -1;
            });
            underWay(1);

            caller.thread.interrupt();
            // Nobody is told of an interruption but the thread itself: only when it waits again is it known to have
            // been.
            await().until(() -> caller.thread.getState() == Thread.State.WAITING);
            gate.release();

            assertThat(caller.answer.get()).isEqualTo(2);
        }
    }

    @Test
    void whoseTimeIsUpInTheQueueIsRefused() throws Exception {
        try (var bus = bus(Duration.ofMillis(20), BusTest::doubled)) {
            var first = ask(bus, 1);
            underWay(1);

            assertThatThrownBy(() -> bus.ask(2))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));

            gate.release(10);
            assertThat(first.get()).as("under way for longer than that").isEqualTo(2);
            assertThat(groups).containsExactly(List.of(1));
        }
    }

    @Test
    void closingRefusesTheQueueAndWaitsForThoseUnderWay() throws Exception {
        var bus = bus(LONG, BusTest::doubled);
        var answers = oneUnderWayAndQueued(bus, 2, 3);

        var closing = callers.submit(bus::close);
        for (var refused : answers.subList(1, 3)) {
            assertFailed(refused, Kind.UNAVAILABLE);
        }
        assertThat(closing.isDone()).isFalse();
        gate.release();

        closing.get();
        assertThat(answers.getFirst().get()).isEqualTo(2);
        assertThatThrownBy(() -> bus.ask(4)).isInstanceOf(StoreException.class);
        assertThat(groups).containsExactly(List.of(1));
    }

    @Test
    void everybodyGetsHisOwnAnswer() throws Exception {
        assertThat(strayAnswers(BusTest::doubled)).isZero();
    }

    @Test
    void answersInAnotherOrderAreCaught() throws Exception {
        assertThat(strayAnswers(group -> doubled(group).reversed())).isPositive();
    }

    /** How many of a thousand got the answer of somebody else. */
    private long strayAnswers(Function<List<Integer>, List<Integer>> work) throws Exception {
        gate.release(10_000);
        try (var bus = new Bus<>(settings(2, 8, Duration.ZERO), Duration.ZERO, LONG, gated(work))) {
            var answers = new ArrayList<Future<Boolean>>();
            for (var i = 0; i < 1_000; i++) {
                var request = i;
                answers.add(callers.submit(() -> bus.ask(request) == 2 * request));
            }
            var stray = 0;
            for (var answer : answers) {
                stray += answer.get() ? 0 : 1;
            }
            return stray;
        }
    }

    private static List<Integer> doubled(List<Integer> group) {
        return group.stream().map(request -> 2 * request).toList();
    }

    private Bus<Integer, Integer> bus(Duration patience, Function<List<Integer>, List<Integer>> work) {
        return new Bus<>(settings(1, 64, Duration.ZERO), Duration.ZERO, patience, gated(work));
    }

    private Bus<Integer, Integer> paced(Duration pace, Function<List<Integer>, List<Integer>> work) {
        return new Bus<>(settings(1, 64, Duration.ZERO), pace, LONG, gated(work));
    }

    private static BusSettings settings(int lanes, int group, Duration hold) {
        return new BusSettings(lanes, group, hold, Duration.ZERO, Duration.ZERO);
    }

    private Function<List<Integer>, List<Integer>> gated(Function<List<Integer>, List<Integer>> work) {
        return group -> {
            groups.add(group);
            gate.acquireUninterruptibly();
            return work.apply(group);
        };
    }

    /** The only lane has taken 1, the others queue behind it in their order. */
    private List<Future<Integer>> oneUnderWayAndQueued(Bus<Integer, Integer> bus, int... queued) {
        var answers = new ArrayList<>(List.of(ask(bus, 1)));
        underWay(1);
        for (var i = 0; i < queued.length; i++) {
            answers.add(ask(bus, queued[i]));
            var waiting = i + 1;
            await().until(() -> bus.waiting() == waiting);
        }
        return answers;
    }

    private static void assertFailed(Future<Integer> answer, Kind kind) {
        assertThatThrownBy(answer::get)
                .cause()
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private Future<Integer> ask(Bus<Integer, Integer> bus, int request) {
        return callers.submit(() -> bus.ask(request));
    }

    private void underWay(int count) {
        await().until(() -> groups.size() == count);
    }

    /** One whose thread can be interrupted without taking its answer from it. */
    private static final class Caller {
        private final FutureTask<Integer> answer;
        private final Thread thread;

        Caller(Callable<Integer> call) {
            answer = new FutureTask<>(call);
            thread = Thread.ofPlatform().start(answer);
        }
    }
}
