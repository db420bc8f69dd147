package dev.hearth.gateway;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Takes blocking work (the store, signatures) off the event loop and brings its result back to it. */
public final class OffLoop {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** The future completes on {@code home}. */
    public <T> Future<T> call(Context home, Callable<T> work) {
        var promise = Promise.<T>promise();
        threads.execute(() -> {
            try {
                var result = work.call();
                home.runOnContext(_ -> promise.complete(result));
            } catch (Exception broken) {
                home.runOnContext(_ -> promise.fail(broken));
            }
        });
        return promise.future();
    }
}
