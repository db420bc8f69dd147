package dev.hearth.cloudflare;

import dev.hearth.claim.Place;
import dev.hearth.gateway.Credentials;
import dev.hearth.gateway.RequestBody;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request as this face reads it, free of its socket.
 *
 * @param base the path up to {@code devtools}
 * @param from where the client is by the word of a proxy that is trusted
 * @param guardrails the header's value; null without one
 */
record Asked(
        Call call,
        String base,
        String host,
        Map<String, List<String>> query,
        Credentials.Sent sent,
        @Nullable Place from,
        @Nullable String guardrails,
        byte[] body) {

    static Asked of(RoutingContext context, Calls.Found found, @Nullable Place from) {
        var headers = context.request().headers();
        var query = new TreeMap<String, List<String>>();
        context.queryParams()
                .names()
                .forEach(name -> query.put(name, context.queryParams().getAll(name)));
        return new Asked(
                found.call(),
                found.base(),
                Objects.requireNonNullElse(headers.get("Host"), ""),
                query,
                // A key in the URL is not for this face: all of its clients send headers.
                new Credentials.Sent(headers.getAll("Authorization"), headers.getAll("X-BB-API-Key"), List.of()),
                from,
                headers.get(Guardrails.HEADER),
                RequestBody.of(context));
    }

    String parameter(String name, String otherwise) {
        var values = query.get(name);
        return values == null ? otherwise : values.getFirst();
    }

    /** Holds a key and is not for logs. */
    @Override
    public String toString() {
        return "Asked[" + call + "]";
    }
}
