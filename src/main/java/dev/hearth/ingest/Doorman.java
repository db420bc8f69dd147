package dev.hearth.ingest;

import dev.hearth.claim.HeartbeatStore;
import dev.hearth.claim.HeartbeatStore.Fence;
import dev.hearth.claim.HeartbeatStore.Hello;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Asks the store who may speak, for all that wait at the door together. When a gateway starts, every browser of its fleet
 * says hello at once: asked one by one they would take all of the store's connections, and time, from the claims.
 */
final class Doorman {
    /** More: the first of them waits for the last. Fewer: a fleet takes longer to come in. */
    private static final int TOGETHER = 500;

    private final HeartbeatStore store;
    private final LinkedBlockingQueue<Waiting> door = new LinkedBlockingQueue<>();
    private final Thread thread = Thread.ofVirtual().name("doorman").unstarted(this::sort);
    private final Map<Integer, Desk> desks = new HashMap<>();

    Doorman(HeartbeatStore store) {
        this.store = store;
    }

    private record Waiting(Hello hello, Context home, Promise<Optional<Fence>> answer) {
        void tell(Optional<Fence> fence) {
            home.runOnContext(_ -> answer.complete(fence));
        }

        void fail(RuntimeException broken) {
            home.runOnContext(_ -> answer.fail(broken));
        }
    }

    void start() {
        thread.start();
    }

    void stop() {
        thread.interrupt();
    }

    /** Empty: not this browser. The future completes on {@code home}. */
    Future<Optional<Fence>> admit(Hello hello, Context home) {
        var waiting = new Waiting(hello, home, Promise.promise());
        door.add(waiting);
        return waiting.answer().future();
    }

    /** Off the event loop, for where a browser is kept may have to be looked up. */
    private void sort() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                var waiting = door.take();
                try {
                    desks.computeIfAbsent(store.shard(waiting.hello().browser()), _ -> new Desk())
                            .queue
                            .add(waiting);
                } catch (RuntimeException broken) {
                    waiting.fail(broken);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            desks.values().forEach(desk -> desk.thread.interrupt());
        }
    }

    /** Who waits for one shard: whoever belongs to another does not wait for it. */
    private final class Desk {
        private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
        private final Thread thread = Thread.ofVirtual().name("doorman-desk").start(this::run);

        private void run() {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    var group = new ArrayList<Waiting>();
                    group.add(queue.take());
                    queue.drainTo(group, TOGETHER - 1);
                    admit(group);
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void admit(List<Waiting> group) {
        try {
            var fences = store.admit(group.stream().map(Waiting::hello).toList());
            for (var n = 0; n < group.size(); n++) {
                group.get(n).tell(fences.get(n));
            }
        } catch (RuntimeException broken) {
            // Not theirs to know: they come back by themselves, here or to another gateway.
            group.forEach(waiting -> waiting.fail(broken));
        }
    }
}
