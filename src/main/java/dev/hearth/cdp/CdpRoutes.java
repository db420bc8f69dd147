package dev.hearth.cdp;

import dev.hearth.cdp.Admission.Answer;
import dev.hearth.cdp.ConnectQuery.Parsed;
import dev.hearth.gateway.AgentCalls;
import dev.hearth.gateway.GatewayConfig;
import dev.hearth.gateway.GatewayState;
import dev.hearth.gateway.OffLoop;
import dev.hearth.gateway.Patience;
import dev.hearth.gateway.Presence;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.RawAnswers;
import dev.hearth.gateway.Refusal;
import dev.hearth.gateway.RolesConfig;
import dev.hearth.gateway.Whereabouts;
import dev.hearth.wire.Grant;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The CDP paths. Each refusal is an HTTP answer before the 101; nothing is authorized by path. */
@Singleton
final class CdpRoutes {
    /** Before REST, which answers for every path that is left. */
    private static final int BEFORE_REST = -10;

    private static final String SESSION = "/sessions/(?<id>[0-9A-Za-z-]{1,64})";

    private final GatewayConfig config;
    private final RolesConfig roles;
    private final GatewayState state;
    private final Instance<Cdp> cdp;

    /** @param cdp made only where this process is a gateway: it needs the signing key */
    CdpRoutes(GatewayConfig config, RolesConfig roles, GatewayState state, Instance<Cdp> cdp) {
        this.config = config;
        this.roles = roles;
        this.state = state;
        this.cdp = cdp;
    }

    /** What the routes lead to. */
    record Cdp(
            Admission admission,
            AgentCalls agents,
            Joiner joiner,
            TargetList targets,
            LiveView view,
            OffLoop offLoop,
            Whereabouts whereabouts) {}

    void routes(@Observes Router router) {
        if (!roles.gateway()) {
            return;
        }
        // Now and not with the first client: a gateway without its key does not start.
        cdp.get();
        get(router, "/(connect/?)?", this::create);
        get(router, "/json/version/?", (asked, _) -> cdp.get().targets().rootVersion(asked));
        get(router, "/json(/list)?/?", (asked, _) -> cdp.get().targets().rootList(asked));
        get(router, SESSION + "/?", (asked, query) -> attach(asked, clientGrant(query), "/devtools/browser"));
        get(
                router,
                SESSION + "/json/version/?",
                (asked, _) -> cdp.get().targets().sessionVersion(asked));
        get(
                router,
                SESSION + "/json(/list)?/?",
                (asked, _) -> cdp.get().targets().sessionList(asked));
        get(
                router,
                SESSION + "/devtools/page/(?<target>[0-9A-Za-z-]{1,64})/?",
                (asked, _) -> lookOn(asked, "/devtools/page/" + asked.context().pathParam("target")));
        view(router, "page/(?<target>[0-9A-Za-z-]{1,64})", asked -> {
            var refusal = handshake(asked);
            if (refusal.isEmpty()) {
                cdp.get().view().socket(asked);
            }
            return refusal;
        });
        view(router, "(?<file>[A-Za-z0-9_./-]{1,200})", asked -> {
            cdp.get().view().file(asked);
            return Optional.empty();
        });
    }

    /** A view's credential is in its path, and its query is the front end's own. */
    private void view(Router router, String path, Function<Asked, Optional<Refusal>> handler) {
        router.getWithRegex(SESSION + "/view/(?<view>[A-Za-z0-9._-]{1,128})/devtools/" + path)
                .order(BEFORE_REST)
                .handler(context -> {
                    context.request().pause();
                    handler.apply(Asked.here(context)).ifPresent(because -> RawAnswers.refuse(context, because));
                });
    }

    /** Answers, or starts to; a refusal that is returned is given by the caller. */
    interface Handler extends BiFunction<Asked, ConnectQuery, Optional<Refusal>> {}

    private void get(Router router, String path, Handler handler) {
        router.getWithRegex(path).order(BEFORE_REST).handler(context -> {
            context.request().pause();
            var asked = Asked.here(context);
            var refusal = switch (ConnectQuery.parse(asked.parameters())) {
                case Parsed.Usable(var query) -> keyInQuery(asked).or(() -> handler.apply(asked, query));
                case Parsed.Refused(var refused) -> Optional.of(refused);
            };
            refusal.ifPresent(because -> RawAnswers.refuse(context, because));
        });
    }

    private Optional<Refusal> create(Asked asked, ConnectQuery query) {
        var sent = asked.sent();
        var presence = Presence.of(asked.context());
        if (query.waitTimeout().isPositive()) {
            asked.context()
                    .response()
                    .putHeader(
                            Patience.HEADER, Long.toString(query.waitTimeout().toSeconds()));
        }
        return handshake(asked)
                .or(() -> admit(
                        asked,
                        pass(clientGrant(query)),
                        "/devtools/browser",
                        () -> cdp.get()
                                .admission()
                                .create(query, sent, cdp.get().whereabouts().of(asked.context()), presence)));
    }

    private Optional<Refusal> attach(Asked asked, Grant.Kind kind, String path) {
        var id = asked.session();
        var token = asked.token();
        var sent = asked.sent();
        var pass = pass(kind);
        return handshake(asked)
                .or(() -> admit(asked, pass, path, () -> cdp.get().admission().attach(id, token, sent, pass::foresee)));
    }

    private Pass pass(Grant.Kind kind) {
        return new Pass(cdp.get().agents(), kind);
    }

    private Optional<Refusal> lookOn(Asked asked, String path) {
        var id = asked.session();
        var token = asked.token();
        var sent = asked.sent();
        return handshake(asked)
                .or(() -> admit(
                        asked,
                        pass(Grant.Kind.VIEWER),
                        path,
                        () -> cdp.get().admission().look(id, token, sent)));
    }

    private static Grant.Kind clientGrant(ConnectQuery query) {
        return query.takeover() ? Grant.Kind.TAKEOVER : Grant.Kind.CLIENT;
    }

    private Optional<Refusal> admit(Asked asked, Pass pass, String path, Callable<Answer> door) {
        cdp.get()
                .offLoop()
                .call(asked.loop(), () -> switch (door.call()) {
                    case Answer.Open(var session, var created, var settings) ->
                        opened(asked, Joiner.Door.ofClient(session, pass.seal(session), path, created, settings));
                    case Answer.Refused(var refusal) -> refused(asked, refusal);
                })
                .onSuccess(Runnable::run)
                .onFailure(asked.context()::fail);
        return Optional.empty();
    }

    private Runnable opened(Asked asked, Joiner.Door door) {
        return () -> cdp.get().joiner().join(asked, door);
    }

    private static Runnable refused(Asked asked, Refusal refusal) {
        return () -> RawAnswers.refuse(asked.context(), refusal);
    }

    private Optional<Refusal> handshake(Asked asked) {
        return Handshake.of(asked.context())
                .refusal()
                .or(() -> state.draining() ? Optional.of(GatewayState.drainingRefusal()) : Optional.empty());
    }

    private Optional<Refusal> keyInQuery(Asked asked) {
        return config.keyInQuery() || !asked.parameters().containsKey("apiKey")
                ? Optional.empty()
                : Optional.of(Refusal.of(
                        Problem.KEY_IN_QUERY, "Send the API key as 'Authorization: Bearer' or 'X-BB-API-Key'."));
    }
}
