package dev.hearth.http;

import dev.hearth.gateway.Problem;
import dev.hearth.gateway.RawAnswers;
import dev.hearth.gateway.Refusal;
import dev.hearth.gateway.RequestBody;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;

/** Reads a small body whole, on the event loop, before any thread waits for it: half a request holds nothing but a socket. */
final class BodyReader {
    /** Of a body of 64 KiB. Longer keeps half-sent requests open; shorter cuts off slow lines. */
    private static final long MILLIS = TimeUnit.SECONDS.toMillis(10);

    private final Vertx vertx;
    private final RoutingContext context;
    private final Buffer body = Buffer.buffer();
    private long timer;
    private boolean over;

    BodyReader(Vertx vertx, RoutingContext context) {
        this.vertx = vertx;
        this.context = context;
    }

    void read() {
        var request = context.request();
        timer = vertx.setTimer(
                MILLIS,
                _ -> refuse(
                        Refusal.of(Problem.BODY_TIMEOUT, "The body did not arrive within " + MILLIS / 1000 + " s.")));
        request.exceptionHandler(_ -> stop());
        request.handler(bytes -> {
            if (!over && body.length() + bytes.length() > RequestRules.LONGEST_BODY) {
                refuse(FailedRequests.ofStatus(413));
            } else if (!over) {
                body.appendBuffer(bytes);
            }
        });
        request.endHandler(_ -> {
            if (!over) {
                stop();
                RequestBody.put(context, body);
                context.next();
            }
        });
        request.resume();
    }

    private void refuse(Refusal refusal) {
        stop();
        RawAnswers.refuseAndClose(context, refusal);
    }

    private void stop() {
        over = true;
        vertx.cancelTimer(timer);
    }
}
