package dev.hearth.http;

import dev.hearth.claim.Directory.Project;
import dev.hearth.gateway.Callers;
import dev.hearth.gateway.Credentials;
import dev.hearth.gateway.Credentials.Presented;
import dev.hearth.gateway.Refusal;
import dev.hearth.gateway.RequestBody;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.function.Function;

/** Who sends this request. Each resource method asks here first: nothing is authorized by path. */
@RequestScoped
class Caller {
    private final Callers callers;
    private final RoutingContext context;

    Caller(Callers callers, RoutingContext context) {
        this.callers = callers;
        this.context = context;
    }

    /** Runs {@code then} for a known caller's project, else refuses. */
    Response asProject(Function<Project, Response> then) {
        var headers = context.request().headers();
        // A key in the query is for connecting only.
        var sent = new Credentials.Sent(headers.getAll("Authorization"), headers.getAll("X-BB-API-Key"), List.of());
        return switch (Credentials.in(sent)) {
            case Presented.Refused(var refusal) -> refuse(refusal);
            case Presented.Key key -> callers.project(key).map(then).orElseGet(() -> refuse(Credentials.unknown()));
        };
    }

    Response refuse(Refusal refusal) {
        return ProblemMappers.refuse(refusal, context);
    }

    String host() {
        return java.util.Objects.requireNonNullElse(context.request().getHeader("Host"), "");
    }

    byte[] body() {
        return RequestBody.of(context);
    }

    RoutingContext context() {
        return context;
    }
}
