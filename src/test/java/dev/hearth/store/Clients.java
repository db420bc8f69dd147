package dev.hearth.store;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many clients at once, all let go together. */
final class Clients {
    private Clients() {}

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
