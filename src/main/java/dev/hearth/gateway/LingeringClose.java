package dev.hearth.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection whose client may still be sending. Closed at once, what it sends would be answered by a reset, and a
 * reset takes the answer with it that the client has not yet read: so what it sends is read for a while, and dropped.
 */
final class LingeringClose {
    /** A body may have no end. What is in flight when the answer leaves arrives within this, or the client is not listening. */
    private static final long MILLIS = TimeUnit.SECONDS.toMillis(2);

    /** Of a client that never stops: what a fast line brings within that time is not worth the reading. */
    private static final long BYTES = 16L << 20;

    private final RoutingContext context;
    private final HttpServerRequest request;
    private long dropped;

    LingeringClose(RoutingContext context) {
        this.context = context;
        this.request = context.request();
    }

    /** Once the answer is written. */
    void begin() {
        var connection = request.connection();
        if (request.isEnded()) {
            connection.close();
            return;
        }
        // Closing what is closed does nothing, and the one handler of a connection's end is not ours to take.
        context.vertx().setTimer(MILLIS, _ -> connection.close());
        request.handler(this::drop);
        request.endHandler(_ -> connection.close());
        request.resume();
    }

    private void drop(Buffer bytes) {
        dropped += bytes.length();
        if (dropped > BYTES) {
            request.connection().close();
        }
    }
}
