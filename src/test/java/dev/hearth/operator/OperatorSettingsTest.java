package dev.hearth.operator;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.pool.PoolTimings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OperatorSettingsTest {
    private static final OperatorSettings GOOD = TestOperator.SETTINGS;

    @Test
    void whatWouldStopTheOperatorSilentlyIsRefusedByItsName() {
        assertThatThrownBy(() -> with(Duration.ZERO, GOOD.orphanGrace(), 1))
                .hasMessage("hearth.operator.poll is PT0S: needs more than 0");
        assertThatThrownBy(() -> with(GOOD.poll(), Duration.ofSeconds(-1), 1))
                .hasMessage("hearth.operator.orphan-grace is PT-1S: needs more than 0");
        assertThatThrownBy(() -> with(GOOD.poll(), GOOD.orphanGrace(), 0))
                .hasMessage("hearth.operator.max-starting is 0: needs 1 or more");
    }

    private static OperatorSettings with(Duration poll, Duration orphanGrace, int maxStarting) {
        var timings = GOOD.timings();
        return new OperatorSettings(
                GOOD.leading(),
                GOOD.agent(),
                new PoolTimings(timings.creationGrace(), timings.startupTimeout(), timings.unreadyGrace(), maxStarting),
                poll,
                orphanGrace,
                GOOD.recordTtl(),
                GOOD.releaseDeadline());
    }
}
