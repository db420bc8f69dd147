package dev.hearth.cloudflare;

import dev.hearth.cdp.Doorway;
import dev.hearth.gateway.AgentCalls;
import dev.hearth.gateway.CloudflareConfig;
import dev.hearth.gateway.HostName;
import dev.hearth.gateway.OffLoop;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.RawAnswers;
import dev.hearth.gateway.Refusal;
import dev.hearth.gateway.RolesConfig;
import dev.hearth.gateway.Whereabouts;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Everything under {@code /cloudflare}, and everything on the hosts that are this face alone. */
@Singleton
final class CloudflareRoutes {
    /** Before every other face: what is on this face's hosts is never theirs. */
    private static final int FIRST = -20;

    private final RolesConfig roles;
    private final Set<String> hosts;
    private final Instance<Served> served;

    CloudflareRoutes(RolesConfig roles, CloudflareConfig config, Instance<Served> served) {
        this.roles = roles;
        this.hosts = config.hosts().stream()
                .map(host -> host.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        this.served = served;
    }

    /** What the routes lead to. */
    record Served(CloudflareFace face, Doorway doorway, AgentCalls agents, Whereabouts whereabouts, OffLoop offLoop) {}

    void routes(@Observes Router router) {
        if (roles.gateway()) {
            router.route().order(RawAnswers.FORM_ORDER).handler(this::word);
            router.route().order(FIRST).handler(this::handle);
        }
    }

    private void word(RoutingContext context) {
        if (isOurs(context)) {
            RawAnswers.form(context, Calls.isRest(path(context)) ? RefusalForms.ENVELOPE : RefusalForms.WORDS);
        }
        context.next();
    }

    private void handle(RoutingContext context) {
        if (!isOurs(context)) {
            context.next();
            return;
        }
        var request = context.request();
        Calls.find(request.method().name(), path(context), isOurHost(context))
                .ifPresentOrElse(
                        found -> answer(
                                context,
                                Asked.of(
                                        context,
                                        found,
                                        served.get().whereabouts().of(context))),
                        () -> RawAnswers.refuse(
                                context,
                                Refusal.of(
                                        Problem.NOT_FOUND,
                                        "Nothing of Cloudflare's API is served at this path by this method.")));
    }

    private void answer(RoutingContext context, Asked asked) {
        if (asked.call().isSocket()) {
            context.request().pause();
            var refusal = served.get().doorway().refusal(context);
            if (refusal.isPresent()) {
                RawAnswers.refuse(context, refusal.get());
                return;
            }
        }
        var loop = Objects.requireNonNull(Vertx.currentContext(), "routes run on event loops");
        served.get()
                .offLoop()
                .call(loop, () -> served.get().face().answer(asked))
                .onSuccess(answer -> write(context, loop, answer))
                .onFailure(context::fail);
    }

    private void write(RoutingContext context, Context loop, Answer answer) {
        switch (answer) {
            case Answer.Refused(var refusal) -> RawAnswers.refuse(context, refusal);
            case Answer.Facts facts -> write(context, facts);
            case Answer.ToBrowser(var session, var created, var settings) ->
                served.get().doorway().toBrowser(context, session, created, settings);
            case Answer.ToPage(var session, var target) ->
                served.get().doorway().toPage(context, session, target);
            case Answer.AskBrowser ask -> ask(context, loop, ask);
        }
    }

    private static void write(RoutingContext context, Answer.Facts facts) {
        facts.headers().forEach(context.response()::putHeader);
        json(context, Documents.bytes(facts.body()), facts.ignored());
    }

    private static void json(RoutingContext context, byte[] body, List<String> ignored) {
        if (!ignored.isEmpty()) {
            context.response().putHeader("hearth-ignored", String.join(", ", ignored));
        }
        RawAnswers.json(context, body);
    }

    private void ask(RoutingContext context, Context loop, Answer.AskBrowser ask) {
        var agents = served.get().agents();
        served.get()
                .offLoop()
                .call(
                        loop,
                        () -> ask.change()
                                ? agents.change(ask.session(), ask.method(), ask.path())
                                : agents.get(ask.session(), ask.path()))
                .compose(answered -> answered)
                .map(body -> ask.shown().apply(body.getBytes()))
                .onSuccess(body -> loop.runOnContext(_ -> json(context, body, ask.ignored())))
                .onFailure(why -> loop.runOnContext(_ -> ask.otherwise()
                        .ifPresentOrElse(
                                facts -> write(context, facts),
                                () -> RawAnswers.refuse(context, Documents.refusal(why)))));
    }

    private boolean isOurs(RoutingContext context) {
        var path = path(context);
        return path.equals(Calls.PREFIX) || path.startsWith(Calls.PREFIX + "/") || isOurHost(context);
    }

    private static String path(RoutingContext context) {
        return Objects.requireNonNullElse(context.request().path(), "");
    }

    private boolean isOurHost(RoutingContext context) {
        var host = Objects.requireNonNullElse(context.request().getHeader("Host"), "");
        return hosts.contains(HostName.of(host));
    }
}
