package dev.hearth.operator.pool;

import dev.hearth.api.v1alpha1.BrowserPool;
import dev.hearth.pool.PoolCounts;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** {@code hearth_pool_browsers}: how many browsers each pool has, by state. Named by pool, never by browser. */
final class PoolMetrics {
    private final MultiGauge gauge;
    private final Map<String, List<MultiGauge.Row<?>>> rows = new ConcurrentHashMap<>();

    PoolMetrics(MeterRegistry registry) {
        this.gauge = MultiGauge.builder("hearth.pool.browsers")
                .description("Browsers of a pool by state")
                .register(registry);
    }

    void record(BrowserPool pool, PoolCounts counts) {
        var states = Map.of(
                "warm", counts.warm(),
                "starting", counts.starting(),
                "claimed", counts.claimed(),
                "retiring", counts.retiring(),
                "failed", counts.failed());
        rows.put(
                pool.getMetadata().getUid(),
                states.entrySet().stream()
                        .<MultiGauge.Row<?>>map(
                                state -> MultiGauge.Row.of(tags(pool, state.getKey()), state.getValue()))
                        .toList());
        publish();
    }

    void forget(BrowserPool pool) {
        rows.remove(pool.getMetadata().getUid());
        publish();
    }

    private synchronized void publish() {
        gauge.register(
                rows.values().stream().<MultiGauge.Row<?>>flatMap(List::stream).toList(), true);
    }

    private static Tags tags(BrowserPool pool, String state) {
        return Tags.of(
                "namespace",
                pool.getMetadata().getNamespace(),
                "pool",
                pool.getMetadata().getName(),
                "region",
                pool.getSpec().region(),
                "state",
                state);
    }
}
