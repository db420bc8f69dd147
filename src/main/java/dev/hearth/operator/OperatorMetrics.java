package dev.hearth.operator;

import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;

/**
 * The SDK's own metrics. A Prometheus registry refuses a name with differing tags by an exception, and in this version of
 * the SDK a timer's event lacks the tag that a watch's event has: the exception would end the timer thread, and with it all
 * rescheduling. The filter adds the tag; it must be in the registry before the first event.
 */
public final class OperatorMetrics {
    private OperatorMetrics() {}

    public static Metrics on(MeterRegistry registry) {
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.getName().equals("events.received") && id.getTag("action") == null
                        ? id.withTag(Tag.of("action", "unknown"))
                        : id;
            }
        });
        return MicrometerMetricsV2.newBuilder(registry).build();
    }
}
