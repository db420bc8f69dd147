package dev.hearth.cdp;

import dev.hearth.claim.Session;
import dev.hearth.gateway.GatewayState;
import dev.hearth.gateway.Refusal;
import dev.hearth.wire.Grant;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Joins the sockets of clients that another face has admitted. Ask {@link #refusal} before anything is claimed for them;
 * all calls on the request's event loop, whose request was paused when it came in.
 */
public final class Doorway {
    private final Joiner joiner;
    private final GatewayState state;

    Doorway(Joiner joiner, GatewayState state) {
        this.joiner = joiner;
        this.state = state;
    }

    /** Why this request cannot become a WebSocket here and now, whoever sent it. */
    public Optional<Refusal> refusal(RoutingContext context) {
        return Handshake.of(context)
                .refusal()
                .or(() -> state.draining() ? Optional.of(GatewayState.drainingRefusal()) : Optional.empty());
    }

    /**
     * @param created by this very request: released again where the client cannot be joined
     * @param settings the session's own; null: none
     */
    public void toBrowser(RoutingContext context, Session session, boolean created, @Nullable String settings) {
        joiner.join(
                Asked.here(context),
                session,
                Grant.Kind.CLIENT,
                pass -> new Joiner.Door(
                        session, pass, "/devtools/browser", created, Joiner.OnClose.ENDS_SESSION, settings, null));
    }

    /** One page's own socket; holds nothing. @param target as the path had it, without a slash */
    public void toPage(RoutingContext context, Session session, String target) {
        joiner.join(
                Asked.here(context),
                session,
                Grant.Kind.VIEWER,
                pass -> new Joiner.Door(
                        session,
                        pass,
                        "/devtools/page/" + target,
                        false,
                        Joiner.OnClose.AS_THE_SESSION_SAYS,
                        null,
                        null));
    }
}
