package dev.hearth.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;

/** Answers given on the event loop, outside of REST. */
public final class RawAnswers {
    private static final String REQUEST_ID = "hearth.request-id";

    private RawAnswers() {}

    /** The id of this request, the same for everything that is said about it. */
    public static String requestId(RoutingContext context) {
        String known = context.get(REQUEST_ID);
        if (known != null) {
            return known;
        }
        var fresh = UUID.randomUUID().toString();
        context.put(REQUEST_ID, fresh);
        return fresh;
    }

    public static void refuse(RoutingContext context, Refusal refusal) {
        var response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(refusal.problem().status());
        refusal.headers().forEach(response::putHeader);
        send(context, ProblemJson.MEDIA_TYPE, ProblemJson.body(refusal, requestId(context)));
    }

    /** As {@link #refuse}, and nothing further is read from this connection. */
    public static void refuseAndClose(RoutingContext context, Refusal refusal) {
        context.response().putHeader("Connection", "close");
        var connection = context.request().connection();
        context.addEndHandler(_ -> connection.close());
        refuse(context, refusal);
    }

    public static void json(RoutingContext context, byte[] body) {
        send(context, "application/json; charset=UTF-8", body);
    }

    private static void send(RoutingContext context, String mediaType, byte[] body) {
        var response = context.response().putHeader("Content-Type", mediaType).putHeader("Cache-Control", "no-store");
        // A paused request would keep its connection from ever being read again.
        context.request().resume();
        if (context.request().method() == HttpMethod.HEAD) {
            response.putHeader("Content-Length", Integer.toString(body.length)).end();
        } else {
            response.end(Buffer.buffer(body));
        }
    }
}
