package dev.hearth.ingest;

import dev.hearth.claim.HeartbeatStore;
import dev.hearth.claim.HeartbeatStore.Fence;
import dev.hearth.claim.HeartbeatStore.Pulse;
import dev.hearth.claim.HeartbeatStore.Report;
import dev.hearth.claim.HeartbeatStore.Silence;
import dev.hearth.claim.StoreException;
import dev.hearth.gateway.GatewayMetrics;
import dev.hearth.ingest.BeatBuffer.Fate;
import dev.hearth.ingest.BeatBuffer.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One lane of beats to the store: a buffer and the thread that writes what is due in it. Safe from any thread. */
final class BeatWriter {
    private static final Logger LOG = LoggerFactory.getLogger(BeatWriter.class);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final HeartbeatStore store;
    private final GatewayMetrics metrics;
    private final BiConsumer<List<Report>, List<Fence>> written;
    private final Vouched vouched;
    private final BeatBuffer buffer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    /** On its way to the store: it is not known there before it has arrived. */
    private volatile List<Waiting> underWay = List.of();

    private boolean storeAway;

    /**
     * @param room for beats that wait
     * @param written gets each batch and its fences, on the writer's thread
     */
    BeatWriter(
            HeartbeatStore store,
            GatewayMetrics metrics,
            IngestConfig config,
            int room,
            BiConsumer<List<Report>, List<Fence>> written) {
        this.store = store;
        this.metrics = metrics;
        this.vouched = new Vouched(config.mode() == IngestMode.DELTA);
        this.buffer = new BeatBuffer(room, Math.max(1, config.batch()), vouched);
        this.written = written;
        this.thread = Thread.ofVirtual().name("beat-writer").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void stop() {
        thread.interrupt();
    }

    /** @return whether it need not be written, so that no fence will come */
    boolean offer(Report report) {
        lock.lock();
        try {
            var before = buffer.due();
            var fate = buffer.offer(report, now());
            // Waking the writer for each beat would cost more than the beat.
            if (buffer.due() < before) {
                changed.signal();
            }
            switch (fate) {
                case WAITS, OUTDATED -> {}
                case REPLACES -> metrics.beatReplaced();
                case SHED -> metrics.beatShed();
                case VOUCHED -> metrics.beatVouched();
            }
            return fate == Fate.VOUCHED;
        } finally {
            lock.unlock();
        }
    }

    int waiting() {
        lock.lock();
        try {
            return buffer.size();
        } finally {
            lock.unlock();
        }
    }

    /** How long each browser has been unheard of in the store, though its beats came in, whether they wait or are vouched for. */
    void unheard(BiConsumer<UUID, Duration> told) {
        lock.lock();
        try {
            var now = now();
            Consumer<Waiting> tell =
                    beat -> told.accept(beat.report().browser(), Duration.ofMillis(now - beat.unheardMillis()));
            underWay.forEach(tell);
            buffer.forEach(tell);
            vouched.overdue(now, (browser, millis) -> told.accept(browser, Duration.ofMillis(millis)));
        } finally {
            lock.unlock();
        }
    }

    void forget(UUID browser) {
        lock.lock();
        try {
            buffer.forget(browser);
        } finally {
            lock.unlock();
        }
    }

    void cameIn(UUID browser) {
        lock.lock();
        try {
            vouched.cameIn(browser);
        } finally {
            lock.unlock();
        }
    }

    /** Whom this lane vouches for no longer. */
    List<Silence> silent() {
        lock.lock();
        try {
            return vouched.silent(now());
        } finally {
            lock.unlock();
        }
    }

    void pulsed(Pulse pulse, List<Silence> told, long asked) {
        lock.lock();
        try {
            vouched.pulsed(pulse, told, asked);
        } finally {
            lock.unlock();
        }
    }

    private boolean isVouching() {
        lock.lock();
        try {
            return vouched.isVouching(now());
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                write(withoutMoving(nextBatch()));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Waiting> nextBatch() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                var now = now();
                var batch = buffer.take(now);
                if (!batch.isEmpty()) {
                    underWay = batch;
                    return batch;
                }
                if (buffer.due() == Long.MAX_VALUE) {
                    changed.await();
                } else {
                    changed.awaitNanos(TimeUnit.MILLISECONDS.toNanos(Math.max(1, buffer.due() - now)));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Those of a region on its way to another shard wait for it, and hold up no other. */
    private List<Waiting> withoutMoving(List<Waiting> batch) throws InterruptedException {
        var sorted = batch.stream()
                .collect(Collectors.partitioningBy(
                        beat -> store.isOnItsWay(beat.report().browser())));
        var moving = sorted.getOrDefault(true, List.of());
        var staying = sorted.getOrDefault(false, List.of());
        if (!moving.isEmpty()) {
            keep(moving);
            underWay = staying;
            lock.lockInterruptibly();
            try {
                // A full buffer is due at once.
                changed.awaitNanos(BETWEEN_LOOKS.toNanos());
            } finally {
                lock.unlock();
            }
        }
        return staying;
    }

    private void write(List<Waiting> batch) {
        if (batch.isEmpty()) {
            return;
        }
        var started = System.nanoTime();
        var now = now();
        var reports = batch.stream()
                .map(beat -> beat.report().waited(now - beat.sinceMillis()))
                .toList();
        try {
            var fences = store.record(reports, isVouching());
            underWay = List.of();
            metrics.batch(batch.size(), System.nanoTime() - started);
            learn(fences);
            if (storeAway) {
                storeAway = false;
                LOG.atInfo().log("beats are written again");
            }
            written.accept(reports, fences);
        } catch (StoreException away) {
            if (!storeAway) {
                storeAway = true;
                LOG.atWarn().log("beats cannot be written: the newest of each browser is kept");
            }
            keep(batch);
        } catch (RuntimeException broken) {
            // This thread must go on: without it no browser of this lane is ever heard again.
            LOG.atError().setCause(broken).log("a batch of {} beats failed", batch.size());
            keep(batch);
        }
    }

    private void learn(List<Fence> fences) {
        lock.lock();
        try {
            fences.forEach(fence -> buffer.written(fence, now()));
        } finally {
            lock.unlock();
        }
    }

    private void keep(List<Waiting> batch) {
        lock.lock();
        try {
            underWay = List.of();
            buffer.giveBack(batch, now());
        } finally {
            lock.unlock();
        }
    }

    static long now() {
        return System.nanoTime() / 1_000_000;
    }
}
