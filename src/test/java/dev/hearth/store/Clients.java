package dev.hearth.store;

import dev.hearth.claim.StoreException;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** Many clients at once, all let go together. */
final class Clients {
    /** More than a busy machine needs; a database that is away is still told of. */
    private static final int TRIES = 10;

    private Clients() {}

    /** As a client that is told 503: the database had no time for it within 2 s and did nothing, so it asks again. */
    static <T> T untilServed(Supplier<T> ask) {
        for (var tries = 1; ; tries++) {
            try {
                return ask.get();
            } catch (StoreException busy) {
                if (busy.kind() != StoreException.Kind.UNAVAILABLE || tries == TRIES) {
                    throw busy;
                }
            }
        }
    }

    interface Task {
        void run(int client) throws Exception;
    }

    /** Returns when all are done; the first failure is thrown. */
    static void run(int clients, Task task) throws Exception {
        var start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (var i = 0; i < clients; i++) {
                var client = i;
                running.add(threads.submit(() -> {
                    start.await();
                    task.run(client);
                    return client;
                }));
            }
            start.countDown();
            for (var each : running) {
                try {
                    each.get();
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof Exception cause ? cause : e;
                }
            }
        }
    }
}
