package dev.hearth.cdp;

import dev.hearth.gateway.Credentials;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request on its event loop, as the CDP paths read it. */
record Asked(RoutingContext context, Context loop) {
    static Asked here(RoutingContext context) {
        return new Asked(context, Objects.requireNonNull(Vertx.currentContext(), "routes run on event loops"));
    }

    /** The session's id as it stands in the path. */
    String session() {
        return Objects.requireNonNull(context.pathParam("id"));
    }

    /** As the allow-list let it through. */
    String host() {
        return header("Host");
    }

    /** One that the checks before have seen. */
    String header(String name) {
        return Objects.requireNonNullElse(context.request().getHeader(name), "");
    }

    @Nullable
    String token() {
        return parameters().getOrDefault("token", List.of()).stream()
                .findFirst()
                .orElse(null);
    }

    Credentials.Sent sent() {
        var headers = context.request().headers();
        return new Credentials.Sent(
                headers.getAll("Authorization"),
                headers.getAll("X-BB-API-Key"),
                parameters().getOrDefault("apiKey", List.of()));
    }

    Map<String, List<String>> parameters() {
        var parameters = new TreeMap<String, List<String>>();
        var sent = context.queryParams();
        sent.names().forEach(name -> parameters.put(name, sent.getAll(name)));
        return parameters;
    }
}
