package dev.hearth.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LagWatchTest {
    private final LagWatch watch = new LagWatch(Duration.ofSeconds(2));

    @Test
    void aRegionLagsFromTheLimitOn() {
        assertThat(see(1_999, 0)).isEmpty();
        assertThat(see(2_000, 250)).containsExactly("eu");
        assertThat(watch.see(Map.of("us", Duration.ofSeconds(3)), 500)).containsExactlyInAnyOrder("eu", "us");
    }

    @Test
    void itIsBackAfterItWasCalmForAWhile() {
        assertThat(see(2_500, 0)).containsExactly("eu");
        assertThat(see(100, 1_000)).containsExactly("eu");
        assertThat(see(100, 2_999)).containsExactly("eu");
        assertThat(see(100, 3_000)).isEmpty();
    }

    @Test
    void aRegionOfWhichNothingIsToldIsCalm() {
        assertThat(see(2_500, 0)).containsExactly("eu");
        assertThat(watch.see(Map.of(), 1_000)).containsExactly("eu");
        assertThat(watch.see(Map.of(), 3_000)).isEmpty();
    }

    @Test
    void aLittleLessThanTheLimitIsNotCalm() {
        assertThat(see(2_000, 0)).containsExactly("eu");
        assertThat(see(1_600, 1_000)).containsExactly("eu");
        assertThat(see(1_600, 60_000)).containsExactly("eu");
    }

    @Test
    void aRelapseBeginsTheCalmAnew() {
        see(2_000, 0);
        see(100, 1_000);
        assertThat(see(1_700, 2_500)).containsExactly("eu");
        assertThat(see(100, 3_500)).containsExactly("eu");
        assertThat(see(100, 5_499)).containsExactly("eu");
        assertThat(see(100, 5_500)).isEmpty();
    }

    @Test
    void aLimitThatOrdinaryBatchesReachIsRefused() {
        assertThatThrownBy(() -> new LagWatch(Duration.ofSeconds(1)))
                .hasMessage("hearth.regions.lag-limit is 1000ms, needs at least 1500ms");
    }

    private Set<String> see(long millis, long now) {
        return watch.see(Map.of("eu", Duration.ofMillis(millis)), now);
    }
}
