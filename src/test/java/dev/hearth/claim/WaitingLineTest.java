package dev.hearth.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.Vacancies.Room;
import dev.hearth.claim.Vacancies.Stock;
import dev.hearth.claim.Vacancies.Vacancy;
import dev.hearth.claim.WaitingLine.Bounds;
import dev.hearth.claim.WaitingLine.Entry;
import dev.hearth.claim.WaitingLine.Waiter;
import dev.hearth.testing.Answers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WaitingLineTest {
    private static final UUID EAST = new UUID(0, 1);
    private static final UUID WEST = new UUID(0, 2);
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final WaitingLine line = new WaitingLine(new Bounds(100, 50));
    private long tickets;

    @Test
    void projectsTakeTurnsAndInsideOneTheFirstComesFirst() {
        var a = enter("a", EAST, 3);
        var b = enter("b", EAST, 2);
        var c = enter("c", EAST, 1);

        assertThat(line.next(east(10))).containsExactly(a.get(0), b.get(0), c.get(0), a.get(1), b.get(1), a.get(2));
        assertThat(line.next(east(2))).containsExactly(a.get(0), b.get(0));
        assertThat(line.next(east(0))).isEmpty();
    }

    @Test
    void aTurnIsSpentByBeingServedAndNotByLookingInVain() {
        var a = enter("a", EAST, 2);
        var b = enter("b", EAST, 2);
        assertThat(line.next(east(1))).containsExactly(a.get(0));
        assertThat(line.next(east(1))).containsExactly(a.get(0));

        line.served(a.get(0));
        assertThat(line.next(east(1))).containsExactly(b.get(0));
        line.served(b.get(0));
        assertThat(line.next(east(1))).containsExactly(a.get(1));
    }

    @Test
    void whoWaitsForAnotherPoolIsPassedOver() {
        var west = enter("a", WEST, 1);
        var east = enter("a", EAST, 1);

        assertThat(line.next(east(1))).containsExactlyElementsOf(east);
        assertThat(line.next(new Vacancy(Map.of(EAST, stock(1), WEST, stock(1)), Map.of())))
                .containsExactly(west.get(0), east.get(0));
    }

    @Test
    void anyOfItsPoolsWillDoTheFirstFirst() {
        var either = new Waiter(tickets++, "a", List.of(EAST, WEST), NOON);
        line.enter(either);
        var east = enter("b", EAST, 1);

        assertThat(line.next(new Vacancy(Map.of(EAST, stock(1), WEST, stock(1)), Map.of())))
                .as("the first pool in its order is taken, though another would leave more")
                .containsExactly(either);
        assertThat(line.next(new Vacancy(Map.of(WEST, stock(1)), Map.of()))).containsExactly(either);
        assertThat(line.next(east(2))).containsExactly(either, east.get(0));
    }

    @Test
    void aProjectWithoutRoomLosesNoTurnAndStopsNobody() {
        var a = enter("a", EAST, 3);
        var b = enter("b", EAST, 1);

        var full = new Vacancy(Map.of(EAST, stock(5)), Map.of("a", new Room(0, null)));
        assertThat(line.next(full)).containsExactly(b.get(0));
        var two = new Vacancy(Map.of(EAST, stock(5)), Map.of("a", new Room(2, null)));
        assertThat(line.next(two)).containsExactly(a.get(0), b.get(0), a.get(1));
    }

    @Test
    @Answers("selenoid#1202")
    void aFullLineRefusesTheSameWayEachTime() {
        var small = new WaitingLine(new Bounds(3, 2));
        assertThat(small.enter(waiter("a"))).isEqualTo(new Entry.Entered(1));
        assertThat(small.enter(waiter("a"))).isEqualTo(new Entry.Entered(2));
        assertThat(small.enter(waiter("a"))).isEqualTo(new Entry.ProjectFull(2));
        var last = waiter("b");
        assertThat(small.enter(last)).isEqualTo(new Entry.Entered(2));
        for (var i = 0; i < 10; i++) {
            assertThat(small.enter(waiter("c"))).isEqualTo(new Entry.LineFull(3));
        }
        assertThat(small.leave(last)).isTrue();
        assertThat(small.leave(last)).as("once").isFalse();
        assertThat(small.enter(waiter("c"))).isInstanceOf(Entry.Entered.class);
    }

    @Test
    @Answers("selenium#11881")
    void noClaimBeginsThatCouldNotBeAnsweredInTime() {
        line.enter(new Waiter(1, "a", List.of(EAST), NOON.plusMillis(50)));
        line.enter(new Waiter(2, "a", List.of(EAST), NOON.plusMillis(5_000)));

        assertThat(line.tooLate(NOON, Duration.ofMillis(100)))
                .extracting(Waiter::ticket)
                .containsExactly(1L);
        assertThat(line.tooLate(NOON, Duration.ofMillis(10))).isEmpty();
        assertThat(line.tooLate(NOON.plusSeconds(6), Duration.ZERO)).hasSize(2);
    }

    /** The position that a newcomer is told is the turn on which it is served, if nobody comes or goes after it. */
    @Test
    void thePositionIsTheTurn() {
        var random = new Random(7);
        for (var run = 0; run < 200; run++) {
            var crowd = new WaitingLine(new Bounds(100, 100));
            for (var i = random.nextInt(20); i > 0; i--) {
                crowd.enter(waiter("p" + random.nextInt(4)));
                if (random.nextInt(3) == 0) {
                    crowd.next(east(1)).forEach(crowd::served);
                }
            }
            var newcomer = waiter("p" + random.nextInt(5));
            var entry = crowd.enter(newcomer);
            var turns = crowd.next(east(1_000));
            assertThat(entry).isEqualTo(new Entry.Entered(turns.indexOf(newcomer) + 1));
        }
    }

    /** Whatever comes, goes and is served: nobody is overtaken by its own project, nor by another more than once a turn. */
    @Test
    void nobodyStarves() {
        var random = new Random(11);
        var overtaken = new HashMap<Waiter, Map<String, Integer>>();
        var waiting = new ArrayList<Waiter>();
        var ahead = new HashMap<Waiter, Integer>();
        for (var step = 0; step < 5_000; step++) {
            if (random.nextInt(3) > 0) {
                var waiter = waiter("p" + random.nextInt(5));
                var own = (int) waiting.stream()
                        .filter(other -> other.project().equals(waiter.project()))
                        .count();
                if (line.enter(waiter) instanceof Entry.Entered) {
                    ahead.put(waiter, own);
                    waiting.add(waiter);
                }
            } else {
                for (var served : line.next(east(1))) {
                    line.served(served);
                    waiting.remove(served);
                    assertThat(waiting)
                            .filteredOn(other -> other.project().equals(served.project()))
                            .allMatch(other -> other.ticket() > served.ticket());
                    waiting.forEach(other -> overtaken
                            .computeIfAbsent(other, _ -> new HashMap<>())
                            .merge(served.project(), 1, Integer::sum));
                    overtaken.getOrDefault(served, Map.of()).forEach((project, times) -> {
                        if (!project.equals(served.project())) {
                            assertThat(times).isLessThanOrEqualTo(ahead.getOrDefault(served, 0) + 1);
                        }
                    });
                }
            }
        }
    }

    private List<Waiter> enter(String project, UUID pool, int count) {
        var entered = new ArrayList<Waiter>();
        for (var i = 0; i < count; i++) {
            var waiter = new Waiter(tickets++, project, List.of(pool), NOON);
            line.enter(waiter);
            entered.add(waiter);
        }
        return entered;
    }

    private Waiter waiter(String project) {
        return new Waiter(tickets++, project, List.of(EAST), NOON);
    }

    private static Vacancy east(int claimable) {
        return new Vacancy(Map.of(EAST, stock(claimable)), Map.of());
    }

    private static Stock stock(int claimable) {
        return new Stock(claimable, 0, null);
    }
}
