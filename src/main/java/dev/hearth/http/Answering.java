package dev.hearth.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Requests that still wait for their answers, which a gateway that stops owes them. Not those that are to become
 * connections: whether they have is not told here.
 */
@Singleton
public final class Answering {
    private final AtomicInteger open = new AtomicInteger();

    void routes(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).handler(this::count);
    }

    private void count(RoutingContext context) {
        if (context.request().getHeader(HttpHeaders.UPGRADE) == null) {
            open.incrementAndGet();
            context.addEndHandler(_ -> open.decrementAndGet());
        }
        context.next();
    }

    public int open() {
        return open.get();
    }
}
