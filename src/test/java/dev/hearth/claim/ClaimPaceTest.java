package dev.hearth.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClaimPaceTest {
    private final ClaimPace pace = new ClaimPace();

    @Test
    void risesAtOnceAndFallsSlowly() {
        pace.took(Duration.ofMillis(300));
        assertThat(pace.expected()).isEqualTo(Duration.ofMillis(300));
        pace.took(Duration.ofMillis(20));
        assertThat(pace.expected()).isEqualTo(Duration.ofMillis(265));
        for (var i = 0; i < 60; i++) {
            pace.took(Duration.ofMillis(1));
        }
        assertThat(pace.expected()).isEqualTo(Duration.ofMillis(20));
    }

    @Test
    void oneOutageDoesNotStopWaitingClaimsForMinutes() {
        pace.took(Duration.ofMinutes(2));
        assertThat(pace.expected()).isEqualTo(Duration.ofSeconds(1));
    }
}
