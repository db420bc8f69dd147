package dev.hearth.ingest;

import dev.hearth.claim.HeartbeatStore;
import dev.hearth.claim.HeartbeatStore.Silence;
import dev.hearth.claim.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells each shard each second that this gateway lives, and whom it vouches for no longer. */
final class Pulses {
    private static final Logger LOG = LoggerFactory.getLogger(Pulses.class);

    private final HeartbeatStore store;
    private final IntFunction<List<BeatWriter>> lanes;
    /** For each shard its own: one that is away holds up no other. */
    private final ScheduledExecutorService clock;

    /** @param lanes of a shard, by its number */
    Pulses(HeartbeatStore store, IntFunction<List<BeatWriter>> lanes) {
        this.store = store;
        this.lanes = lanes;
        this.clock = Executors.newScheduledThreadPool(
                store.databases(), Thread.ofVirtual().name("pulse-", 0).factory());
    }

    void start() {
        for (var shard = 0; shard < store.databases(); shard++) {
            var number = shard;
            clock.scheduleWithFixedDelay(() -> guarded(number), 0, 1, TimeUnit.SECONDS);
        }
    }

    void stop() {
        clock.shutdownNow();
    }

    private void guarded(int shard) {
        try {
            pulse(shard);
        } catch (StoreException away) {
            LOG.atDebug().setCause(away).log("no pulse: until there is one every beat waits to be written");
        } catch (RuntimeException broken) {
            // An exception that left here would end the schedule for good.
            LOG.atError().setCause(broken).log("a pulse failed: until there is one every beat waits to be written");
        }
    }

    private void pulse(int shard) {
        var ofShard = lanes.apply(shard);
        var asked = BeatWriter.now();
        var told = new HashMap<BeatWriter, List<Silence>>();
        var all = new ArrayList<Silence>();
        for (var lane : ofShard) {
            // The rest can be written again once their region has arrived.
            var silent = lane.silent().stream()
                    .filter(silence -> !store.isOnItsWay(silence.browser()))
                    .toList();
            told.put(lane, silent);
            all.addAll(silent);
        }
        var pulse = store.pulse(shard, all);
        told.forEach((lane, silent) -> lane.pulsed(pulse, silent, asked));
    }
}
