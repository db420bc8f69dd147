package dev.hearth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RetryEstimateTest {
    private final RetryEstimate estimate = new RetryEstimate();

    @Test
    void beginsWithWhatAChromeTakesAndDoublesWhenNoneIsOnItsWay() {
        assertThat(estimate.refused(1, 0)).isEqualTo(3);
        assertThat(estimate.refused(0, 0)).isEqualTo(6);
    }

    @Test
    void learnsHowLongDroughtsLast() {
        for (var i = 0; i < 20; i++) {
            estimate.refused(1, i * 100_000L);
            estimate.granted(i * 100_000L + 20_000);
        }
        assertThat(estimate.refused(1, 9_000_000)).isBetween(19L, 20L);
        for (var i = 0; i < 30; i++) {
            estimate.refused(1, 10_000_000 + i * 100_000L);
            estimate.granted(10_000_000 + i * 100_000L + 100);
        }
        assertThat(estimate.refused(1, 99_000_000)).isEqualTo(1);
    }

    @Test
    void neverSaysLessThanASecondOrMoreThanAMinute() {
        for (var i = 0; i < 50; i++) {
            estimate.refused(1, i * 10_000_000L);
            estimate.granted(i * 10_000_000L + 9_000_000);
        }
        assertThat(estimate.refused(0, 999_000_000)).isEqualTo(60);
    }
}
