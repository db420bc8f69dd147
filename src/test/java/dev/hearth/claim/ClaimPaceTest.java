package dev.hearth.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClaimPaceTest {
    private long nanos = 7;
    private final ClaimPace pace = new ClaimPace(() -> nanos);

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

    @Test
    void fallsWithoutAnyClaimToo() {
        pace.took(Duration.ofSeconds(1));
        pass(Duration.ofSeconds(9));
        assertThat(pace.expected()).isEqualTo(Duration.ofSeconds(1));
        pass(Duration.ofSeconds(1));
        assertThat(pace.expected()).isEqualTo(Duration.ofMillis(500));
        pass(Duration.ofDays(400));
        assertThat(pace.expected()).isEqualTo(Duration.ofMillis(20));
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }
}
