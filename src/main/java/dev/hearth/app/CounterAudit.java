package dev.hearth.app;

import static dev.hearth.telemetry.LogKeys.COUNT;

import dev.hearth.store.Upkeep;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Mends counters that differ from their rows, and says so: it is always a defect of Hearth's. */
final class CounterAudit implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(CounterAudit.class);

    private final Upkeep upkeep;
    private final Counter drifts;

    CounterAudit(Upkeep upkeep, MeterRegistry registry) {
        this.upkeep = upkeep;
        this.drifts = registry.counter("hearth.counters.mended");
    }

    @Override
    public void run() {
        var found = upkeep.auditCounters();
        if (!found.isEmpty()) {
            drifts.increment(found.size());
            LOG.atError()
                    .addKeyValue(COUNT, found.size())
                    .log("counters differed from their rows and were mended: {}", found);
        }
    }
}
