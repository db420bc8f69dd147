package dev.hearth.bench;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that claim and release for a while. Each keeps its last eight sessions in hand, so that a browser given to two
 * is seen to be held by two.
 *
 * @param rate claims per second of all clients by the clock, whatever the answers take; 0: as fast as they are answered
 */
record Load(int clients, Duration length, double rate) {
    static final int IN_HAND = 8;

    /**
     * @param answers how long each claim took, refused ones too; of a load with a rate, since it was due
     * @param used of the processor
     */
    record Done(Holdings holdings, Sample answers, int refused, double seconds, CpuTime.Used used) {}

    /** @param meter read while all clients are connected: a backend that has ended cannot be asked what it used */
    Done on(Contender contender, CpuTime.Meter meter) throws Exception {
        var holdings = new Holdings();
        var answers = new Sample();
        var refused = new AtomicInteger();
        var ready = new ArrayList<Contender.Client>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < clients; i++) {
                ready.add(contender.client());
            }
            var before = meter.read();
            var begun = System.nanoTime();
            var running = new ArrayList<Future<List<Long>>>();
            for (var i = 0; i < clients; i++) {
                running.add(threads.submit(new Run(ready.get(i), i, begun, holdings, refused)));
            }
            for (var each : running) {
                each.get().forEach(answers::add);
            }
            var seconds = (System.nanoTime() - begun) / 1e9;
            return new Done(
                    holdings, answers, refused.get(), seconds, meter.read().since(before));
        } finally {
            for (var client : ready) {
                client.close();
            }
        }
    }

    private final class Run implements Callable<List<Long>> {
        private final Contender.Client client;
        private final Holdings holdings;
        private final AtomicInteger refused;
        private final long end;
        private long due;
        private final ArrayDeque<Holdings.Holding> inHand = new ArrayDeque<>();

        Run(Contender.Client client, int number, long begun, Holdings holdings, AtomicInteger refused) {
            this.client = client;
            this.holdings = holdings;
            this.refused = refused;
            this.end = begun + length.toNanos();
            this.due = begun + (rate == 0 ? 0 : (long) (number * 1e9 / rate));
        }

        @Override
        public List<Long> call() throws Exception {
            var answers = new ArrayList<Long>();
            for (var from = next(); from < end; from = next()) {
                var held = client.claim();
                answers.add(System.nanoTime() - from);
                if (held == null) {
                    refused.incrementAndGet();
                    // As a client would: asking at once again would take the time from those who release.
                    LockSupport.parkNanos(1_000_000);
                } else {
                    inHand.add(holdings.begin(held));
                }
                if (held == null ? !inHand.isEmpty() : inHand.size() > IN_HAND) {
                    client.release(inHand.remove().ends());
                }
            }
            while (!inHand.isEmpty()) {
                client.release(inHand.remove().ends());
            }
            return answers;
        }

        /** When the next claim begins, or was due to. */
        private long next() {
            if (rate == 0) {
                return System.nanoTime();
            }
            var mine = due;
            due += (long) (clients * 1e9 / rate);
            for (var left = mine - System.nanoTime(); left > 0; left = mine - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            return mine;
        }
    }
}
