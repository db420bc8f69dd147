package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

class OperatorHealthTest {
    @Test
    void aDeadWatchEndsAProcessThatIsNothingButOperator() {
        assertThat(OperatorHealth.report("watches", false, () -> true).getStatus())
                .isEqualTo(Status.UP);
        assertThat(OperatorHealth.report("watches", false, () -> false).getStatus())
                .isEqualTo(Status.DOWN);
    }

    @Test
    void besideAGatewayItIsOnlyTold() {
        var report = OperatorHealth.report("watches", true, () -> false);
        assertThat(report.getStatus()).isEqualTo(Status.UP);
        assertThat(report.getData().orElseThrow()).containsEntry("watches", false);
    }
}
