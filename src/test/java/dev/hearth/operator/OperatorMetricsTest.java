package dev.hearth.operator;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.ResourceAction;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An exception out of the SDK's metrics ends its timer thread, and with it all rescheduling. */
class OperatorMetricsTest {
    private static final Map<String, Object> CONTROLLER = Map.of(Constants.CONTROLLER_NAME, "browserpool");

    @Test
    void aTimersEventAfterAWatchesIsCounted() {
        var metrics = OperatorMetrics.on(
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT).throwExceptionOnRegistrationFailure());
        assertThatCode(() -> watchThenTimer(metrics)).doesNotThrowAnyException();
    }

    @Test
    void withoutTheFilterItIsRefused() {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT).throwExceptionOnRegistrationFailure();
        var bare = MicrometerMetricsV2.newBuilder(registry).build();
        assertThatThrownBy(() -> watchThenTimer(bare)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void watchThenTimer(Metrics metrics) {
        var id = new ResourceID("a", "b");
        metrics.eventReceived(new ResourceEvent(ResourceAction.UPDATED, id, new ConfigMap()), CONTROLLER);
        metrics.eventReceived(new Event(id), CONTROLLER);
    }
}
