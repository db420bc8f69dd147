package dev.hearth.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

/** A request's small body, read whole before any face is asked. */
public final class RequestBody {
    private static final String BODY = "hearth.body";

    private RequestBody() {}

    public static void put(RoutingContext context, Buffer body) {
        context.put(BODY, body);
    }

    /** Empty where the request has none. */
    public static byte[] of(RoutingContext context) {
        Buffer body = context.get(BODY);
        return body == null ? new byte[0] : body.getBytes();
    }
}
