package dev.hearth.http;

import dev.hearth.gateway.CloudflareConfig;
import dev.hearth.gateway.GatewayConfig;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.RawAnswers;
import dev.hearth.gateway.Refusal;
import dev.hearth.gateway.RolesConfig;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/** Runs {@link RequestRules} before anything else sees a request, and gives what nobody answered a problem document. */
@Singleton
final class EarlyChecks {
    private final Vertx vertx;
    private final RolesConfig roles;
    private final RequestRules rules;

    EarlyChecks(Vertx vertx, RolesConfig roles, GatewayConfig config, CloudflareConfig cloudflare) {
        this.vertx = vertx;
        this.roles = roles;
        var own = config.publicUrl().map(url -> URI.create(url).getHost()).stream();
        this.rules = new RequestRules(
                Stream.of(config.hosts().stream(), cloudflare.hosts().stream(), own)
                        .flatMap(names -> names),
                config.origins().orElse(List.of()));
    }

    void routes(@Observes Router router) {
        // After the one thing that may come before: a face that says how it words its refusals.
        router.route().order(RawAnswers.FORM_ORDER + 1).handler(this::check);
        router.route()
                .order(Integer.MAX_VALUE)
                .handler(context ->
                        RawAnswers.refuse(context, Refusal.of(Problem.NOT_FOUND, "Nothing is at this path.")));
        router.route().order(Integer.MAX_VALUE).failureHandler(FailedRequests::answer);
        router.errorHandler(404, FailedRequests::answer);
        router.errorHandler(405, FailedRequests::answer);
        router.errorHandler(400, FailedRequests::answer);
        router.errorHandler(413, FailedRequests::answer);
        router.errorHandler(500, FailedRequests::answer);
    }

    private void check(RoutingContext context) {
        if (!roles.gateway()) {
            RawAnswers.refuse(context, Refusal.of(Problem.NOT_FOUND, "This process plays no gateway role."));
            return;
        }
        var request = context.request();
        context.response().putHeader("X-Request-Id", RawAnswers.requestId(context));
        var head = new RequestRules.Head(
                request.method().name(),
                request.uri(),
                name -> request.headers().getAll(name));
        rules.refusal(head)
                .ifPresentOrElse(
                        // What is left of a refused request is not worth reading: a body may have no end.
                        refusal -> RawAnswers.refuseAndClose(context, refusal),
                        () -> next(context, head));
    }

    private void next(RoutingContext context, RequestRules.Head head) {
        if (head.hasBody()) {
            new BodyReader(vertx, context).read();
        } else {
            context.next();
        }
    }
}
