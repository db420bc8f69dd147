package dev.hearth.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import java.util.function.BiFunction;

/** Answers given on the event loop, outside of REST. */
public final class RawAnswers {
    /** Where a face says its {@link Form}: before anything else, so that the earliest refusal has it already. */
    public static final int FORM_ORDER = Integer.MIN_VALUE;

    private static final String REQUEST_ID = "hearth.request-id";
    private static final String FORM = "hearth.refusal-form";
    private static final Form PROBLEM = new Form(ProblemJson.MEDIA_TYPE, ProblemJson::body);

    /** How refusals are written. @param body from a refusal and the request's id */
    public record Form(String mediaType, BiFunction<Refusal, String, byte[]> body) {}

    /** For requests of a face whose clients read refusals in a form of their own. */
    public static void form(RoutingContext context, Form form) {
        context.put(FORM, form);
    }

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
        Form own = context.get(FORM);
        var form = own == null ? PROBLEM : own;
        send(context, form.mediaType(), form.body().apply(refusal, requestId(context)));
    }

    /** As {@link #refuse}, and no further request is read from this connection. */
    public static void refuseAndClose(RoutingContext context, Refusal refusal) {
        context.response().putHeader("Connection", "close");
        var lingering = new LingeringClose(context);
        context.addEndHandler(_ -> lingering.begin());
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
