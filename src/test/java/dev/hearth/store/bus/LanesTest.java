package dev.hearth.store.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.store.bus.Lanes.Arrival;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LanesTest {
    private static final BusSettings TWO_OF_THREE = new BusSettings(2, 3, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private final Lanes<String> lanes = new Lanes<>(TWO_OF_THREE);

    @Test
    void whoArrivesWhileOthersAreOnTheirWayWaitsUntilItInsists() {
        assertThat(lanes.arrive("a")).isEqualTo(Arrival.START);
        assertThat(lanes.next()).containsExactly("a");
        assertThat(lanes.arrive("b")).isEqualTo(Arrival.WAIT);
        assertThat(lanes.insist("b")).isTrue();
        assertThat(lanes.next()).containsExactly("b");
        assertThat(lanes.arrive("c")).isEqualTo(Arrival.WAIT);
        assertThat(lanes.insist("c")).as("both lanes are busy").isFalse();
    }

    @Test
    void whoIsTakenAlreadyStartsNoLane() {
        lanes.arrive("a");
        lanes.next();
        assertThat(lanes.insist("a")).isFalse();
    }

    @Test
    void aLaneThatComesBackTakesAllThatQueuedInTheirOrderUpToItsBound() {
        busyLanes();
        List.of("1", "2", "3", "4").forEach(lanes::arrive);

        assertThat(lanes.next()).containsExactly("1", "2", "3");
        assertThat(lanes.next()).containsExactly("4");
        assertThat(lanes.next()).isEmpty();
        assertThat(lanes.arrive("5")).isEqualTo(Arrival.WAIT);
        assertThat(lanes.insist("5")).as("the lane that found nobody is free").isTrue();
    }

    @Test
    void whoLeavesInTimeIsTakenByNoLane() {
        busyLanes();
        List.of("1", "2").forEach(lanes::arrive);

        assertThat(lanes.leave("1")).isTrue();
        assertThat(lanes.next()).containsExactly("2");
        assertThat(lanes.leave("2")).as("it is on its way").isFalse();
    }

    @Test
    void closedNobodyGoesAndGroupsOnTheirWayArrive() {
        busyLanes();
        lanes.arrive("1");

        assertThat(lanes.close()).containsExactly("1");
        assertThat(lanes.arrive("2")).isEqualTo(Arrival.CLOSED);
        assertThat(lanes.isIdle()).isFalse();
        assertThat(lanes.next()).isEmpty();
        assertThat(lanes.next()).isEmpty();
        assertThat(lanes.isIdle()).isTrue();
    }

    private void busyLanes() {
        lanes.arrive("x");
        lanes.next();
        lanes.arrive("y");
        lanes.insist("y");
        lanes.next();
    }

    @Test
    void everyScheduleKeepsThePromises() {
        assertThat(broken(() -> new Real(new Lanes<>(TWO_OF_THREE)))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aBrokenPromiseIsCaught(Fault fault) {
        assertThat(broken(() -> new Mutant(fault))).isNotEmpty();
    }

    /** What is promised, told to by a schedule drawn at random. */
    private interface Schedule {
        Arrival arrive(int rider);

        boolean insist(int rider);

        List<Integer> next();

        boolean leave(int rider);
    }

    private record Real(Lanes<Integer> lanes) implements Schedule {
        @Override
        public Arrival arrive(int rider) {
            return lanes.arrive(rider);
        }

        @Override
        public boolean insist(int rider) {
            return lanes.insist(rider);
        }

        @Override
        public List<Integer> next() {
            return lanes.next();
        }

        @Override
        public boolean leave(int rider) {
            return lanes.leave(rider);
        }
    }

    private enum Fault {
        LAST_COME_FIRST,
        GROUP_TOO_LARGE,
        ONE_LANE_TOO_MANY,
        TAKES_ONE_TWICE,
        FORGETS_ONE,
        KEEPS_WHO_LEFT,
        NEVER_STARTS_AGAIN,
        NEVER_OPENS_ANOTHER
    }

    /** The same, wrong in one way. */
    private static final class Mutant implements Schedule {
        private final Fault fault;
        private final Deque<Integer> queue = new ArrayDeque<>();
        private int busy;

        Mutant(Fault fault) {
            this.fault = fault;
        }

        @Override
        public Arrival arrive(int rider) {
            queue.addLast(rider);
            if (busy > 0) {
                return Arrival.WAIT;
            }
            busy++;
            return Arrival.START;
        }

        @Override
        public boolean insist(int rider) {
            if (fault == Fault.NEVER_OPENS_ANOTHER || busy == (fault == Fault.ONE_LANE_TOO_MANY ? 3 : 2)) {
                return false;
            }
            busy++;
            return true;
        }

        @Override
        public List<Integer> next() {
            var group = new ArrayList<Integer>();
            while (!queue.isEmpty() && group.size() < (fault == Fault.GROUP_TOO_LARGE ? 4 : 3)) {
                group.add(fault == Fault.LAST_COME_FIRST ? queue.removeLast() : queue.removeFirst());
            }
            if (fault == Fault.TAKES_ONE_TWICE && group.size() == 2) {
                queue.addFirst(group.getLast());
            }
            if (fault == Fault.FORGETS_ONE && group.size() == 2) {
                group.removeLast();
            }
            if (group.isEmpty() && fault != Fault.NEVER_STARTS_AGAIN) {
                busy--;
            }
            return group;
        }

        @Override
        public boolean leave(int rider) {
            return fault == Fault.KEEPS_WHO_LEFT ? queue.contains(rider) : queue.remove(rider);
        }
    }

    /** The promises that some schedule breaks: lanes go and come back, riders arrive and leave, in any order. */
    private static TreeSet<String> broken(Supplier<Schedule> fresh) {
        var broken = new TreeSet<String>();
        for (var seed = 0; seed < 200; seed++) {
            new Run(fresh.get(), new Random(seed), broken).play();
        }
        return broken;
    }

    private static final class Run {
        private final Schedule schedule;
        private final Random random;
        private final TreeSet<String> broken;
        /** Arrived, neither taken nor gone. */
        private final ArrayList<Integer> waiting = new ArrayList<>();

        private int arrived;
        private int busy;

        Run(Schedule schedule, Random random, TreeSet<String> broken) {
            this.schedule = schedule;
            this.random = random;
            this.broken = broken;
        }

        void play() {
            for (var step = 0; step < 60; step++) {
                switch (random.nextInt(6)) {
                    case 0, 1 -> arrive();
                    case 2 -> leave();
                    case 3 -> insist();
                    default -> comeBack();
                }
                promised(busy <= TWO_OF_THREE.lanes(), "no more lanes than there are");
                promised(waiting.isEmpty() || busy > 0, "nobody waits while no lane goes");
            }
            for (var round = 0; round < 100 && busy > 0; round++) {
                comeBack();
            }
            promised(waiting.isEmpty(), "everybody is taken");
            promised(busy == 0, "lanes come to rest");
        }

        private void arrive() {
            waiting.add(++arrived);
            if (schedule.arrive(arrived) == Arrival.START) {
                busy++;
            } else {
                promised(busy > 0, "nobody waits while no lane is busy");
            }
        }

        private void insist() {
            if (!waiting.isEmpty()) {
                var started = schedule.insist(waiting.get(random.nextInt(waiting.size())));
                promised(started == busy < TWO_OF_THREE.lanes(), "who insists starts a lane while one is free");
                busy += started ? 1 : 0;
            }
        }

        private void leave() {
            if (!waiting.isEmpty()) {
                var rider = waiting.get(random.nextInt(waiting.size()));
                promised(schedule.leave(rider), "who waits can leave");
                waiting.remove(rider);
            }
        }

        private void comeBack() {
            if (busy == 0) {
                return;
            }
            var most = Math.min(waiting.size(), TWO_OF_THREE.group());
            var group = schedule.next();
            promised(group.equals(waiting.subList(0, most)), "all who wait go, first come first, up to the bound");
            waiting.removeAll(group);
            if (group.isEmpty()) {
                busy--;
            }
        }

        private void promised(boolean kept, String promise) {
            if (!kept) {
                broken.add(promise);
            }
        }
    }
}
