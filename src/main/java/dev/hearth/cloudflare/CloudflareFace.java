package dev.hearth.cloudflare;

import dev.hearth.claim.ConnectionLog;
import dev.hearth.claim.ConnectionLog.Filter;
import dev.hearth.claim.ConnectionLog.Held;
import dev.hearth.claim.Directory.Project;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionIds;
import dev.hearth.claim.SessionStore;
import dev.hearth.claim.SessionStore.Attachment;
import dev.hearth.claim.StoreException;
import dev.hearth.gateway.Callers;
import dev.hearth.gateway.ClaimRefusals;
import dev.hearth.gateway.Claims;
import dev.hearth.gateway.Credentials;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import dev.hearth.gateway.SessionEnds;
import dev.hearth.gateway.SessionRefusals;
import dev.hearth.wire.EgressRules;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers the calls of this face. Blocks on the store: never called on an event loop. */
final class CloudflareFace {
    /** Marks this face's sessions: those of other faces have clients that would not expect a stranger to connect. */
    static final String MARK = "{\"face\":\"cloudflare\"}";

    /** What the binding's lists hold at most; REST's are paged. */
    private static final int MOST = 1_000;

    private static final int USUAL_PAGE = 100;

    private final Callers callers;
    private final Claims claims;
    private final Sessions sessions;
    private final Documents documents;
    private final InstantSource clock;

    /** Everything about sessions that are there already. */
    record Sessions(SessionStore store, SessionEnds ends, ConnectionLog log) {}

    CloudflareFace(Callers callers, Claims claims, Sessions sessions, Documents documents, InstantSource clock) {
        this.callers = callers;
        this.claims = claims;
        this.sessions = sessions;
        this.documents = documents;
        this.clock = clock;
    }

    Answer answer(Asked asked) {
        return switch (Credentials.in(asked.sent())) {
            case Credentials.Presented.Refused(var refusal) -> new Answer.Refused(refusal);
            case Credentials.Presented.Key key ->
                guarded(() -> callers.project(key)
                        .map(project -> answer(asked, project))
                        .orElseGet(() -> new Answer.Refused(Credentials.unknown())));
        };
    }

    private Answer answer(Asked asked, Project project) {
        return switch (asked.call()) {
            case Call.Acquire _ ->
                claimed(asked, project, (granted, query, _) -> documents.acquired(asked, granted, query));
            case Call.Launch _ ->
                claimed(
                        asked,
                        project,
                        (granted, _, settings) -> new Answer.ToBrowser(granted.session(), true, settings));
            case Call.Connect(var id) ->
                attached(
                        project,
                        id,
                        (session, settings) -> Guardrails.late(asked.guardrails(), settings)
                                .<Answer>map(Answer.Refused::new)
                                .orElseGet(() -> new Answer.ToBrowser(session, false, settings)));
            case Call.PageSocket(var id, var target) ->
                attached(project, id, session -> new Answer.ToPage(session, target));
            case Call.Close(var id) -> close(project, id);
            case Call.Active _ ->
                Answer.Facts.of(Map.of(
                        "sessions",
                        sessions.log().list(project.name(), new Filter(MARK, true, MOST, 0)).stream()
                                .map(held -> SessionFacts.of(held, clock.instant()))
                                .toList()));
            case Call.History _ ->
                Answer.Facts.of(Map.of(
                        "history",
                        sessions.log().list(project.name(), new Filter(MARK, null, MOST, 0)).stream()
                                .map(held -> SessionFacts.of(held, clock.instant()))
                                .toList()));
            case Call.Limits _ -> limits(project);
            case Call.Listing _ -> listing(asked, project);
            case Call.Facts(var id) ->
                Answer.Facts.of(find(project, id)
                        .map(held -> SessionFacts.of(held, clock.instant(), documents.url(asked, held.session())))
                        .orElse(null));
            case Call.Version(var id) -> attached(project, id, session -> documents.version(asked, session));
            case Call.Protocol(var id) -> attached(project, id, Documents::protocol);
            case Call.Targets(var id) -> attached(project, id, session -> documents.targets(asked, session));
            case Call.Target(var id, var target) ->
                attached(project, id, session -> documents.target(asked, session, target));
            case Call.NewTarget(var id) -> attached(project, id, session -> documents.newTarget(asked, session));
            case Call.ActivateTarget(var id, var target) ->
                attached(project, id, session -> Documents.told(session, "/json/activate/" + target));
            case Call.CloseTarget(var id, var target) ->
                attached(project, id, session -> Documents.told(session, "/json/close/" + target));
            case Call.ChunkedConnect _ ->
                new Answer.Refused(Refusal.of(
                                Problem.UPGRADE_REQUIRED,
                                "Messages cut into chunks are not spoken here: use @cloudflare/puppeteer or"
                                        + " @cloudflare/playwright that connect at /v1/devtools/browser (tried: 1.4.0, 1.3.6).")
                        .header("Upgrade", "websocket"));
            case Call.LiveView(var id) ->
                switch (LiveViewAsk.parse(asked.body())) {
                    case LiveViewAsk.Parsed.Refused(var refusal) -> new Answer.Refused(refusal);
                    case LiveViewAsk.Parsed.Usable(var view) ->
                        attached(project, id, session -> documents.liveView(asked, session, view));
                };
        };
    }

    private interface Then {
        Answer with(Claims.Answer.Granted granted, AcquireQuery query, @Nullable String settings);
    }

    private Answer claimed(Asked asked, Project project, Then then) {
        return switch (AcquireQuery.parse(asked.query())) {
            case AcquireQuery.Parsed.Refused(var refusal) -> new Answer.Refused(refusal);
            case AcquireQuery.Parsed.Usable(var query) ->
                switch (Guardrails.read(asked.guardrails(), asked.body())) {
                    case Guardrails.Read.Refused(var refusal) -> new Answer.Refused(refusal);
                    case Guardrails.Read.Rules(var rules) -> claimed(asked, project, query, rules, then);
                };
        };
    }

    private Answer claimed(Asked asked, Project project, AcquireQuery query, EgressRules rules, Then then) {
        var settings = EgressRules.settings(null, rules);
        var location = query.location();
        var wish = new Claims.Wish(
                project,
                query.pool(),
                query.region(),
                query.terms(),
                MARK,
                null,
                settings,
                rules.isNone() ? null : Guardrails.unguarded(),
                location == null ? asked.from() : location);
        return switch (claims.claim(wish)) {
            case Claims.Answer.Refused(var refusal) -> new Answer.Refused(refusal);
            case Claims.Answer.Granted granted -> then.with(granted, query, settings);
        };
    }

    private Answer attached(Project project, String id, Function<Session, Answer> then) {
        return attached(project, id, (session, _) -> then.apply(session));
    }

    private interface WithSettings {
        Answer with(Session session, @Nullable String settings);
    }

    private Answer attached(Project project, String id, WithSettings then) {
        var session = SessionIds.parse(id);
        if (session.isEmpty()) {
            return unknown();
        }
        return switch (sessions.store().attach(session.get(), project.name())) {
            case Attachment.Open(var open, var settings) when isOurs(open) -> then.with(open, settings);
            case Attachment.Over(var over) when isOurs(over) -> new Answer.Refused(ended(over));
            case Attachment.Open _, Attachment.Over _, Attachment.Unknown _ -> unknown();
        };
    }

    /** Closing what is closed is fine. */
    private Answer close(Project project, String id) {
        return find(project, id)
                .map(held -> {
                    sessions.ends().end(held.session().id(), project.name(), EndReason.RELEASED);
                    return (Answer) Answer.Facts.of(Map.of("status", "closed"));
                })
                .orElseGet(CloudflareFace::unknown);
    }

    private Answer limits(Project project) {
        var limit = project.concurrency();
        var most = limit == null ? LimitsFacts.MOST_LISTED : Math.max(1, limit);
        return Answer.Facts.of(LimitsFacts.of(
                project, sessions.store().list(project.name(), new SessionStore.Filter(true, null, most))));
    }

    private Answer listing(Asked asked, Project project) {
        var limit = asked.parameter("limit", Integer.toString(USUAL_PAGE));
        var offset = asked.parameter("offset", "0");
        if (!limit.matches("[1-9][0-9]{0,2}|1000") || !offset.matches("[0-9]{1,6}")) {
            return refused(Problem.QUERY_INVALID, "'limit' must be 1…1000 and 'offset' 0…999999.");
        }
        var filter = new Filter(MARK, true, Integer.parseInt(limit), Integer.parseInt(offset));
        return Answer.Facts.of(sessions.log().list(project.name(), filter).stream()
                .map(held -> SessionFacts.of(held, clock.instant(), documents.url(asked, held.session())))
                .toList());
    }

    private Optional<Held> find(Project project, String id) {
        return SessionIds.parse(id)
                .flatMap(session -> sessions.store().find(project.name(), session))
                .filter(CloudflareFace::isOurs)
                .map(session ->
                        new Held(session, sessions.log().last(session.id()).orElse(null)));
    }

    private static Answer guarded(Supplier<Answer> ask) {
        try {
            return ask.get();
        } catch (StoreException broken) {
            return new Answer.Refused(ClaimRefusals.broken(broken, false));
        }
    }

    private static boolean isOurs(Session session) {
        return session.metadata().equals(MARK);
    }

    private static Refusal ended(Session over) {
        return SessionRefusals.ended(
                over,
                over.endReason() == null
                        ? null
                        : CloseReason.of(over.endReason()).text());
    }

    private static Answer unknown() {
        return new Answer.Refused(SessionRefusals.unknown());
    }

    private static Answer refused(Problem problem, String detail) {
        return new Answer.Refused(Refusal.of(problem, detail));
    }
}
