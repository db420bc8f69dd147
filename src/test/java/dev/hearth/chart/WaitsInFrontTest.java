package dev.hearth.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.gateway.Bounds;
import dev.hearth.testing.Answers;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import org.junit.jupiter.api.Test;

/** A claim that waits says nothing for minutes: what stands in front of the gateways must bear it. */
class WaitsInFrontTest {
    private static final String READS = "nginx.ingress.kubernetes.io/proxy-read-timeout";

    @Test
    @Answers("selenium#15872")
    void neitherIngressNorRouteEndsAWaitBeforeItsTime() {
        var text = Chart.text(command -> command.withValuesFile(Chart.EVERYTHING));
        var ingress = Chart.withEverything().one(Ingress.class, "hearth");

        assertThat(Bounds.WAIT_TIMEOUT.refuse(301)).as("nobody waits longer").isPresent();
        assertThat(ingress.getMetadata().getAnnotations())
                .as("beside those of the values")
                .containsKey("example.com/owner")
                .hasEntrySatisfying(
                        READS, seconds -> assertThat(Integer.parseInt(seconds)).isGreaterThan(330));
        assertThat(text.substring(text.indexOf("kind: HTTPRoute"))).containsPattern("timeouts:\\s+#.*\\s+request: 0s");
    }
}
