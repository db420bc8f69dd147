package dev.hearth.http;

import dev.hearth.gateway.Problem;
import dev.hearth.gateway.ProblemJson;
import dev.hearth.gateway.RawAnswers;
import dev.hearth.gateway.Refusal;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** REST's own failures as problem documents. */
final class ProblemMappers {
    @ServerExceptionMapper
    Response status(WebApplicationException failure, RoutingContext context) {
        var refusal = FailedRequests.ofStatus(failure.getResponse().getStatus());
        return refuse(
                refusal.problem() == Problem.METHOD_NOT_ALLOWED
                        ? refusal.header(
                                "Allow",
                                FailedRequests.allowed(context.request().uri()))
                        : refusal,
                context);
    }

    @ServerExceptionMapper
    Response broken(Throwable failure, RoutingContext context) {
        return refuse(FailedRequests.ofFailure(failure, RawAnswers.requestId(context)), context);
    }

    static Response refuse(Refusal refusal, RoutingContext context) {
        var response = Response.status(refusal.problem().status())
                .type(ProblemJson.MEDIA_TYPE)
                .header("Cache-Control", "no-store")
                .entity(ProblemJson.body(refusal, RawAnswers.requestId(context)));
        refusal.headers().forEach(response::header);
        return response.build();
    }
}
