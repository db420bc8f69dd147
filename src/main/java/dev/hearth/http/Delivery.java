package dev.hearth.http;

import static dev.hearth.telemetry.LogKeys.SESSION;

import dev.hearth.claim.EndReason;
import dev.hearth.claim.StoreException;
import dev.hearth.gateway.Claims;
import dev.hearth.gateway.Patience;
import dev.hearth.gateway.Presence;
import dev.hearth.gateway.SessionEnds;
import dev.hearth.gateway.SessionUrls;
import dev.hearth.gateway.Whereabouts;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims for a client that may go while it waits. What it can then not be told of is released at once, unless it has a
 * name to ask for it again: an Idempotency-Key.
 */
@RequestScoped
class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final Claims claims;
    private final SessionEnds ends;
    private final SessionUrls urls;
    private final Whereabouts whereabouts;
    private final RoutingContext context;

    Delivery(Claims claims, SessionEnds ends, SessionUrls urls, Whereabouts whereabouts, RoutingContext context) {
        this.claims = claims;
        this.ends = ends;
        this.urls = urls;
        this.whereabouts = whereabouts;
        this.context = context;
    }

    Claims.Answer claim(Claims.Wish wish, Duration wait) {
        var presence = Presence.of(context);
        if (wait.isPositive()) {
            context.response().putHeader(Patience.HEADER, Long.toString(wait.toSeconds()));
        }
        var answer = claims.claim(wish.orFrom(whereabouts.of(context)), new Patience(wait, presence), urls::foresee);
        if (answer instanceof Claims.Answer.Granted(var session, var _, var _) && wish.idempotency() == null) {
            presence.whenGone(() -> Thread.startVirtualThread(() -> release(session.id())));
        }
        return answer;
    }

    private void release(UUID session) {
        try {
            ends.end(session, null, EndReason.RELEASED);
        } catch (StoreException away) {
            LOG.atWarn().addKeyValue(SESSION, session).log("nobody heard of a session; its connect deadline ends it");
        }
    }
}
