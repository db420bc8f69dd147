package dev.hearth.cdp;

import dev.hearth.claim.Directory.Project;
import dev.hearth.claim.Place;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionIds;
import dev.hearth.claim.SessionStore;
import dev.hearth.claim.SessionStore.Attachment;
import dev.hearth.claim.StoreException;
import dev.hearth.gateway.Callers;
import dev.hearth.gateway.ClaimRefusals;
import dev.hearth.gateway.Claims;
import dev.hearth.gateway.Credentials;
import dev.hearth.gateway.Credentials.Presented;
import dev.hearth.gateway.GatewayKeys;
import dev.hearth.gateway.Patience;
import dev.hearth.gateway.Presence;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import dev.hearth.gateway.SessionRefusals;
import dev.hearth.gateway.ViewTokens;
import dev.hearth.gateway.ViewTokens.Bound;
import dev.hearth.gateway.ViewTokens.View;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Who may connect to what. Blocks on the store: never called on an event loop. */
final class Admission {
    private final Callers callers;
    private final Claims claims;
    private final SessionStore sessions;
    private final GatewayKeys keys;
    private final ViewTokens views;
    private final InstantSource clock = InstantSource.system();

    Admission(Callers callers, Claims claims, SessionStore sessions, GatewayKeys keys) {
        this.callers = callers;
        this.claims = claims;
        this.sessions = sessions;
        this.keys = keys;
        this.views = new ViewTokens(keys);
    }

    /** What the door says. */
    sealed interface Answer {
        /**
         * @param created by this very request: nobody else knows of it
         * @param settings what the session's pages must be like
         */
        record Open(
                Session session, boolean created, @Nullable String settings) implements Answer {
            /** Settings may hold a proxy's password. */
            @Override
            public String toString() {
                return "Open[" + session.id() + "]";
            }
        }

        record Refused(Refusal refusal) implements Answer {}
    }

    /** What a viewer's door says. */
    sealed interface Viewing {
        record Open(Session session, View view) implements Viewing {}

        record Refused(Refusal refusal) implements Viewing {}
    }

    /** @param token the session's signature; null: the caller proves its right by an API key */
    Answer attach(String id, @Nullable String token, Credentials.Sent sent) {
        return attach(id, token, sent, _ -> {});
    }

    /** @param likely told of a session that was claimed here lately, once its token was found good and before the store is asked */
    Answer attach(String id, @Nullable String token, Credentials.Sent sent, Consumer<Session> likely) {
        return known(id, token, sent, (session, project) -> {
            if (project == null) {
                claims.lately(session).ifPresent(likely);
            }
            return attach(session, project);
        });
    }

    /** As {@link #attach}, for who only looks on: no deadline moves for it. */
    Answer look(String id, @Nullable String token, Credentials.Sent sent) {
        return known(id, token, sent, this::look);
    }

    /** @param token of {@link ViewTokens} @param begun a view that is open already, which asks for one more file of its front end */
    Viewing view(String id, String token, boolean begun) {
        var session = sessionId(id);
        var view = session.flatMap(known -> views.open(known, token));
        if (view.isEmpty()) {
            return new Viewing.Refused(
                    Refusal.of(Problem.TOKEN_INVALID, "This is no view of this session; ask for one."));
        }
        var mayGoOn = begun && view.get().bound() == Bound.START;
        if (!mayGoOn && view.get().until().isBefore(clock.instant())) {
            return new Viewing.Refused(Refusal.of(
                    Problem.TOKEN_INVALID, "The view expired at " + view.get().until() + "."));
        }
        return switch (guarded(() -> look(session.orElseThrow(), null))) {
            case Answer.Open(var open, var _, var _) -> new Viewing.Open(open, view.get());
            case Answer.Refused(var refusal) -> new Viewing.Refused(refusal);
        };
    }

    private interface Way {
        Answer go(UUID session, @Nullable String project);
    }

    private Answer known(String id, @Nullable String token, Credentials.Sent sent, Way way) {
        var session = sessionId(id);
        if (session.isEmpty()) {
            return new Answer.Refused(SessionRefusals.unknown());
        }
        if (token == null) {
            return withProject(sent, project -> way.go(session.get(), project.name()));
        }
        return keys.signed(session.get(), token)
                ? guarded(() -> way.go(session.get(), null))
                : refused(
                        Problem.TOKEN_INVALID,
                        "The token does not belong to this session; use its connectUrl as given.");
    }

    /** Blocks for as long as the query has patience and the client is there. */
    Answer create(ConnectQuery query, Credentials.Sent sent, @Nullable Place trusted, Presence presence) {
        return withProject(sent, project -> {
            if (query.projectId() != null && !query.projectId().equals(project.name())) {
                return refused(Problem.PROJECT_NOT_FOUND, "The API key belongs to no such project.");
            }
            if (query.sessionId() != null) {
                return sessionId(query.sessionId())
                        .map(id -> attach(id, project.name()))
                        .orElseGet(() -> new Answer.Refused(SessionRefusals.unknown()));
            }
            return created(claims.claim(
                    new Claims.Wish(project, query.pool(), query.region(), query.terms(), "{}", null)
                            .orFrom(query.location())
                            .orFrom(trusted),
                    new Patience(query.waitTimeout(), presence)));
        });
    }

    /** For the answers that need a known caller but no session. */
    Optional<Refusal> refusal(Credentials.Sent sent) {
        return switch (Credentials.in(sent)) {
            case Presented.Refused(var refusal) -> Optional.of(refusal);
            case Presented.Key key ->
                callers.project(key).isPresent() ? Optional.empty() : Optional.of(Credentials.unknown());
        };
    }

    private static Answer created(Claims.Answer answer) {
        return switch (answer) {
            case Claims.Answer.Granted(var session, var _, var _) -> new Answer.Open(session, true, null);
            case Claims.Answer.Refused(var refusal) -> new Answer.Refused(refusal);
        };
    }

    private Answer attach(UUID session, @Nullable String project) {
        return switch (sessions.attach(session, project)) {
            case Attachment.Open(var open, var settings) -> new Answer.Open(open, false, settings);
            case Attachment.Over(var over) -> new Answer.Refused(ended(over));
            case Attachment.Unknown _ -> new Answer.Refused(SessionRefusals.unknown());
        };
    }

    private Answer look(UUID session, @Nullable String project) {
        return sessions.find(project, session)
                .<Answer>map(found ->
                        found.isLive() ? new Answer.Open(found, false, null) : new Answer.Refused(ended(found)))
                .orElseGet(() -> new Answer.Refused(SessionRefusals.unknown()));
    }

    private static Refusal ended(Session over) {
        return SessionRefusals.ended(
                over, over.endReason() == null ? null : over.endReason().word());
    }

    private Answer withProject(Credentials.Sent sent, Function<Project, Answer> then) {
        return switch (Credentials.in(sent)) {
            case Presented.Refused(var refusal) -> new Answer.Refused(refusal);
            case Presented.Key key ->
                guarded(() ->
                        callers.project(key).map(then).orElseGet(() -> new Answer.Refused(Credentials.unknown())));
        };
    }

    private static Answer guarded(java.util.function.Supplier<Answer> ask) {
        try {
            return ask.get();
        } catch (StoreException broken) {
            return new Answer.Refused(ClaimRefusals.broken(broken, false));
        }
    }

    /** In its one spelling: it stands in a path. */
    private static Optional<UUID> sessionId(String text) {
        return SessionIds.parse(text).filter(id -> id.toString().equals(text));
    }

    private static Answer refused(Problem problem, String detail) {
        return new Answer.Refused(Refusal.of(problem, detail));
    }
}
