package dev.hearth.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemandTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Scaling QUARTER = new Scaling(1, 20, 25, Duration.ofSeconds(300));

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "3, 1", "4, 2", "6, 2", "7, 3", "60, 20", "10000000, 20"})
    void aQuarterSpareIsOneBesideThree(int claimed, int unclaimed) {
        assertThat(QUARTER.wanted(claimed)).isEqualTo(unclaimed);
    }

    @ParameterizedTest
    @CsvSource({"50, 7, 7", "90, 2, 18", "1, 100, 2", "1, 99, 1"})
    void sparePercentIsOfAllBrowsersThereAreToBe(int spare, int claimed, int unclaimed) {
        assertThat(new Scaling(1, 20, spare, Duration.ZERO).wanted(claimed)).isEqualTo(unclaimed);
    }

    @Test
    void growsAtOnceAndShrinksOnceTheNeedIsOverForLongEnough() {
        var busy = at(at(Demand.UNKNOWN, 0, 0), 10, 30);
        assertThat(busy.replicas(QUARTER)).isEqualTo(10);
        assertThat(busy.falls(QUARTER)).isNull();

        var over = at(busy, 100, 0);
        assertThat(over.replicas(QUARTER)).isEqualTo(10);
        assertThat(over.falls(QUARTER))
                .as("wanted until the look that saw it over")
                .isEqualTo(START.plusSeconds(400));

        assertThat(at(over, 399, 0).replicas(QUARTER)).isEqualTo(10);
        assertThat(at(over, 400, 0).replicas(QUARTER)).isEqualTo(1);
        assertThat(at(over, 400, 0).falls(QUARTER)).isNull();
    }

    @Test
    void fallsByStepsAsEachNeedIsOver() {
        var demand = at(at(at(at(Demand.UNKNOWN, 0, 60), 10, 30), 20, 12), 30, 0);
        assertThat(demand.replicas(QUARTER)).isEqualTo(20);
        assertThat(at(demand, 310, 0).replicas(QUARTER)).isEqualTo(10);
        assertThat(at(demand, 320, 0).replicas(QUARTER)).isEqualTo(4);
        assertThat(at(demand, 330, 0).replicas(QUARTER)).isEqualTo(1);
    }

    @Test
    void aNeedThatComesBackIsCountedAnew() {
        var again = at(at(at(at(Demand.UNKNOWN, 0, 0), 10, 30), 20, 0), 200, 30);
        assertThat(again.lately()).hasSize(1);
        assertThat(at(at(again, 210, 0), 509, 0).replicas(QUARTER)).isEqualTo(10);
    }

    @Test
    void aNewOperatorKeepsWhatIsThere() {
        var first = Demand.UNKNOWN.next(QUARTER, 0, 8, START);
        assertThat(first.replicas(QUARTER)).isEqualTo(8);
        assertThat(first.falls(QUARTER)).isEqualTo(START.plusSeconds(300));
        assertThat(Demand.UNKNOWN.next(QUARTER, 0, 500, START).replicas(QUARTER))
                .isEqualTo(20);
    }

    @Test
    void withoutACalmItFallsAtOnce() {
        var nervous = new Scaling(1, 20, 25, Duration.ZERO);
        var busy = Demand.UNKNOWN.next(nervous, 30, 0, START);
        assertThat(busy.next(nervous, 0, 10, START.plusSeconds(1)).replicas(nervous))
                .isEqualTo(1);
    }

    @Test
    void aTighterLimitHoldsAtOnce() {
        var busy = at(at(Demand.UNKNOWN, 0, 0), 10, 60);
        assertThat(busy.replicas(new Scaling(1, 5, 25, Duration.ofSeconds(300))))
                .isEqualTo(5);
    }

    /** Against the whole history: the most that was wanted at any time within the calm. */
    @Test
    void isTheMostThatWasWantedLatelyWhateverComes() {
        record Span(Instant until, int wanted) {}
        for (var seed = 0; seed < 500; seed++) {
            var random = new Random(seed);
            var history = new ArrayDeque<Span>();
            var now = START;
            var demand = Demand.UNKNOWN.next(QUARTER, 0, 0, now);
            var wanted = 1;
            for (var step = 0; step < 50; step++) {
                now = now.plusSeconds(1 + random.nextInt(120));
                history.add(new Span(now, wanted));
                var claimed = random.nextInt(70);
                wanted = QUARTER.wanted(claimed);
                demand = demand.next(QUARTER, claimed, random.nextInt(30), now);
                var since = now.minus(QUARTER.calm());
                var most = history.stream()
                        .filter(span -> span.until().isAfter(since))
                        .mapToInt(Span::wanted)
                        .max()
                        .orElse(0);
                assertThat(demand.replicas(QUARTER))
                        .as("seed %d, step %d", seed, step)
                        .isEqualTo(Math.max(most, wanted));
            }
        }
    }

    private static Demand at(Demand before, int second, int claimed) {
        return before.next(QUARTER, claimed, 0, START.plusSeconds(second));
    }
}
