package dev.hearth.gateway;

import static dev.hearth.telemetry.LogKeys.SHARD;

import dev.hearth.claim.Deadlines;
import dev.hearth.claim.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a gateway does by the clock: ends overdue sessions and makes silent browsers unclaimable. Every gateway does it;
 * the store lets them meet without harm. Deadlines are the store's: with it away nothing expires.
 */
public final class GatewayDuties {
    /** More often: needless scans of the deadline index. Less often: sessions end later than they were promised to. */
    private static final Duration SWEEP = Duration.ofMillis(500);
    /** Three missed beats. Longer: claims meet dead browsers. Shorter: one lost packet takes a browser out. */
    private static final Duration SILENCE = Duration.ofSeconds(15);
    /** Ended per statement: more holds its locks longer, fewer takes more turns after an outage. */
    private static final int GROUP = 100;

    private static final Logger LOG = LoggerFactory.getLogger(GatewayDuties.class);

    private final SessionEnds ends;
    private final List<Deadlines.OfShard> shards;
    private final GatewayState state;
    private final LiveConnections connections;
    private final List<Runnable> more;
    private final ScheduledExecutorService clock;

    /** @param more further duties of each second, such as renewing the gateway's own row */
    public GatewayDuties(
            SessionEnds ends,
            Deadlines deadlines,
            GatewayState state,
            LiveConnections connections,
            List<Runnable> more) {
        this.ends = ends;
        this.shards = deadlines.shards();
        this.state = state;
        this.connections = connections;
        this.more = List.copyOf(more);
        // Threads enough for all at once: who waits for a shard that fell silent keeps no other from its turn.
        this.clock = Executors.newScheduledThreadPool(
                2 * shards.size() + 1,
                Thread.ofPlatform().daemon().name("gateway-duties-", 0).factory());
    }

    public void start() {
        for (var shard : shards) {
            clock.scheduleWithFixedDelay(() -> sweep(shard), 0, SWEEP.toMillis(), TimeUnit.MILLISECONDS);
            clock.scheduleWithFixedDelay(() -> flip(shard), 1, 1, TimeUnit.SECONDS);
        }
        clock.scheduleWithFixedDelay(() -> more.forEach(GatewayDuties::guarded), 1, 1, TimeUnit.SECONDS);
    }

    /** Refuses new connections, waits up to {@code drain} for open ones, then closes them with 1012. */
    public void stop(Duration drain) {
        state.drain();
        var until = System.nanoTime() + drain.toNanos();
        try {
            while (connections.open() > 0 && System.nanoTime() < until) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
            // Again and again: a dial that was under way joins late. After 2 s nothing here is worth waiting for.
            var last = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
            while (connections.open() > 0 && System.nanoTime() < last) {
                connections.closeAll();
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (InterruptedException hurried) {
            connections.closeAll();
            Thread.currentThread().interrupt();
        }
        clock.shutdownNow();
    }

    private void sweep(Deadlines.OfShard shard) {
        run(shard, "ending overdue sessions", () -> {
            while (ends.endOverdue(shard, GROUP) == GROUP) {
                LOG.atDebug().log("more sessions overdue than one group");
            }
        });
    }

    private void flip(Deadlines.OfShard shard) {
        run(shard, "looking for silent browsers", () -> shard.flipSilent(SILENCE));
    }

    private void run(Deadlines.OfShard shard, String what, Runnable duty) {
        try {
            duty.run();
            if (!state.storeReachable(shard.name())) {
                LOG.atInfo().addKeyValue(SHARD, shard.name()).log("the store answers again");
            }
            state.storeAnswered(shard.name());
        } catch (StoreException away) {
            var before = state.storeReachable(shard.name());
            state.storeFailed(shard.name());
            if (before && !state.storeReachable(shard.name())) {
                LOG.atWarn()
                        .addKeyValue(SHARD, shard.name())
                        .log("the store cannot be reached: nothing expires until it answers");
            }
        } catch (RuntimeException broken) {
            // An exception that left here would end the schedule for good.
            LOG.atError().addKeyValue(SHARD, shard.name()).setCause(broken).log("failed: {}", what);
        }
    }

    private static void guarded(Runnable duty) {
        try {
            duty.run();
        } catch (RuntimeException broken) {
            LOG.atError().setCause(broken).log("failed: a duty of each second");
        }
    }
}
