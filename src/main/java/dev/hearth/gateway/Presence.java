package dev.hearth.gateway;

import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletableFuture;

/** Whether the client of a request is still there to be answered. Safe from any thread. */
public final class Presence {
    private final CompletableFuture<Void> gone;

    private Presence(CompletableFuture<Void> gone) {
        this.gone = gone;
    }

    /** Of a client that nothing is known of: it never leaves. */
    public static Presence assumed() {
        return new Presence(new CompletableFuture<>());
    }

    /** Of a client that is there until {@code gone} completes. */
    static Presence until(CompletableFuture<Void> gone) {
        return new Presence(gone);
    }

    public static Presence of(RoutingContext context) {
        var presence = assumed();
        context.addEndHandler(answered -> {
            if (answered.failed()) {
                presence.gone.complete(null);
            }
        });
        // Who left before the handler was there is not reported to it.
        if (context.response().closed() && !context.response().ended()) {
            presence.gone.complete(null);
        }
        return presence;
    }

    /** Runs {@code then} once the client is known to be gone: now, later on an event loop, or never. It must not block. */
    public void whenGone(Runnable then) {
        gone.thenRun(then);
    }
}
