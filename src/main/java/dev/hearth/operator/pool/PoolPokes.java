package dev.hearth.operator.pool;

import dev.hearth.api.v1alpha1.BrowserPool;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.UUID;

/** Wakes a pool's reconciler for what Kubernetes does not see: claims and endings. Poking an unknown pool does nothing. */
public final class PoolPokes {
    private final PoolMemory memory;
    private final SimpleInboundEventSource<BrowserPool> source = new SimpleInboundEventSource<>("browser-table");

    PoolPokes(PoolMemory memory) {
        this.memory = memory;
    }

    public void poke(UUID pool) {
        memory.name(pool).filter(_ -> source.isRunning()).ifPresent(source::propagateEvent);
    }

    SimpleInboundEventSource<BrowserPool> source() {
        return source;
    }
}
