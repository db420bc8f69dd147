package dev.hearth.operator.pool;

import dev.hearth.operator.Events;
import dev.hearth.operator.Leadership;
import dev.hearth.operator.OperatorPorts;
import dev.hearth.operator.OperatorSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;

/** Everything about pools that runs while this operator leads, put together. */
public final class PoolOperations {
    private final PoolReconciler reconciler;
    private final PoolPokes pokes;
    private final Runnable watch;
    private final Runnable sweep;

    /** What pools share with the rest of the operator. */
    public record Shared(
            KubernetesClient client, OperatorPorts ports, Leadership leadership, Events events, Clock clock) {}

    public PoolOperations(Shared shared, OperatorSettings settings, MeterRegistry registry) {
        var ports = shared.ports();
        var stores = new PoolDesk.Stores(ports.supply(), ports.directory(), shared.leadership());
        var memory = new PoolMemory();
        var telling = new PoolDesk.Telling(shared.events(), new PoolMetrics(registry), shared.clock());
        var desk = new PoolDesk(shared.client(), stores, settings, memory, telling);
        var sightings = new PodSightings(new NodeZones(shared.client())::of);
        this.pokes = new PoolPokes(memory);
        this.reconciler = new PoolReconciler(desk, sightings, pokes);
        this.watch = new PoolWatch(ports.supply(), pokes);
        this.sweep = new OrphanSweep(shared.client(), stores, settings.orphanGrace(), shared.clock());
    }

    public PoolReconciler reconciler() {
        return reconciler;
    }

    /** For whoever changes browser rows in this very process, and cannot wait for the next poll. */
    public PoolPokes pokes() {
        return pokes;
    }

    /** To be run every poll. */
    public Runnable watch() {
        return watch;
    }

    /** To be run now and then. */
    public Runnable sweep() {
        return sweep;
    }
}
