package dev.hearth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryEstimateTest {
    private final RetryEstimate estimate = new RetryEstimate();

    @Test
    void beginsWithWhatAChromeTakesAndDoublesWhenNoneIsOnItsWay() {
        assertThat(estimate.refused(1, null, 0)).isEqualTo(3);
        assertThat(estimate.refused(0, null, 0)).isEqualTo(6);
    }

    @Test
    void learnsHowLongDroughtsLast() {
        for (var i = 0; i < 20; i++) {
            estimate.refused(1, null, i * 100_000L);
            estimate.granted(i * 100_000L + 20_000);
        }
        assertThat(estimate.refused(1, null, 9_000_000)).isBetween(19L, 20L);
        for (var i = 0; i < 30; i++) {
            estimate.refused(1, null, 10_000_000 + i * 100_000L);
            estimate.granted(10_000_000 + i * 100_000L + 100);
        }
        assertThat(estimate.refused(1, null, 99_000_000)).isEqualTo(1);
    }

    @Test
    void saysWhenTheNextBrowserIsExpectedWhereThatIsKnown() {
        assertThat(estimate.refused(2, Duration.ofMillis(7_200), 0)).isEqualTo(8);
        assertThat(estimate.refused(2, Duration.ZERO, 0)).isEqualTo(1);
        assertThat(estimate.refused(2, Duration.ofMinutes(5), 0)).isEqualTo(60);
    }

    @Test
    void neverSaysLessThanASecondOrMoreThanAMinute() {
        for (var i = 0; i < 50; i++) {
            estimate.refused(1, null, i * 10_000_000L);
            estimate.granted(i * 10_000_000L + 9_000_000);
        }
        assertThat(estimate.refused(0, null, 999_000_000)).isEqualTo(60);
    }
}
