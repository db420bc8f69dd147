package dev.hearth.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** The gateway's meters, {@code hearth_*}. No id and no URL is ever a label: the number of series is bounded. */
public final class GatewayMetrics {
    private final MeterRegistry registry;
    private final Timer batch;
    private final DistributionSummary batchSize;
    private final Counter beats;
    private final Counter beatsReplaced;
    private final Counter beatsShed;
    private final Counter beatsVouched;
    private final Counter toClients;
    private final Counter toBrowsers;
    private final Counter commands;

    public GatewayMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.batch = Timer.builder("hearth.batch")
                .description("Writing one batch of beats")
                .publishPercentiles(0.5, 0.95, 0.99)
                .register(registry);
        this.batchSize = registry.summary("hearth.batch.beats");
        this.beats = registry.counter("hearth.beats");
        this.beatsReplaced = registry.counter("hearth.beats.replaced");
        this.beatsShed = registry.counter("hearth.beats.shed");
        this.beatsVouched = registry.counter("hearth.beats.vouched");
        this.toClients = registry.counter("hearth.cdp.bytes", "direction", "to-client");
        this.toBrowsers = registry.counter("hearth.cdp.bytes", "direction", "to-browser");
        this.commands = registry.counter("hearth.cdp.commands");
    }

    void claimed(String outcome, String region, long nanos) {
        registry.counter("hearth.claims", "outcome", outcome, "region", region).increment();
        Timer.builder("hearth.claim")
                .description("One claim in the store")
                .publishPercentiles(0.5, 0.99)
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    void served(String region, String reason) {
        registry.counter("hearth.served", "region", region, "reason", reason).increment();
    }

    void waited(String outcome, long nanos) {
        Timer.builder("hearth.wait")
                .description("A claim that waited, from its request to its answer")
                .tag("outcome", outcome)
                .publishPercentiles(0.5, 0.99)
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    public void connected(String outcome) {
        registry.counter("hearth.connects", "outcome", outcome).increment();
    }

    public void carried(long bytesToBrowser, long bytesToClient, long clientCommands) {
        toBrowsers.increment(bytesToBrowser);
        toClients.increment(bytesToClient);
        commands.increment(clientCommands);
    }

    public void beat() {
        beats.increment();
    }

    /** A newer beat of the same browser came before this one was written. */
    public void beatReplaced() {
        beatsReplaced.increment();
    }

    /** A beat that nothing will be known of: there was no room for it. */
    public void beatShed() {
        beatsShed.increment();
    }

    /** A beat that said nothing new, of a browser that the gateway vouches for: it is not written. */
    public void beatVouched() {
        beatsVouched.increment();
    }

    public void batch(int size, long nanos) {
        batchSize.record(size);
        batch.record(nanos, TimeUnit.NANOSECONDS);
    }

    public <T> void gauge(String name, T of, ToDoubleFunction<T> value) {
        registry.gauge(name, of, value);
    }
}
