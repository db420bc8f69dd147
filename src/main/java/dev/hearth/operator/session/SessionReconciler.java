package dev.hearth.operator.session;

import dev.hearth.api.v1alpha1.BrowserSession;
import dev.hearth.api.v1alpha1.BrowserSessionStatus;
import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionStore;
import dev.hearth.claim.StoreException;
import dev.hearth.operator.ConnectUrls;
import dev.hearth.operator.Labels;
import dev.hearth.operator.Leadership;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Claims for BrowserSession objects, follows their sessions, and ends those whose object goes or says so. */
@ControllerConfiguration(
        name = "browsersession",
        finalizerName = "hearth.dev/session",
        informer = @Informer(comparableResourceVersions = false, labelSelector = "!" + Labels.RECORD))
public final class SessionReconciler implements Reconciler<BrowserSession>, Cleaner<BrowserSession> {
    /** A session's end happens in the database; this is how late its object says so. Shorter asks more than it tells. */
    private static final Duration WHILE_RUNNING = Duration.ofSeconds(3);

    private static final Duration SHORTEST_WAIT = Duration.ofMillis(500);
    /** A waiting object asks more rarely the longer it has waited, but a pool that is up again is noticed within this. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final SessionClaims claims;
    private final SessionStore sessions;
    private final ConnectUrls urls;
    private final ConnectSecret secret;
    private final Leadership leadership;
    private final Ending ending;

    /** How an object's own end is bounded. */
    record Ending(Duration releaseDeadline, Clock clock) {}

    SessionReconciler(
            SessionClaims claims,
            SessionStore sessions,
            ConnectUrls urls,
            ConnectSecret secret,
            Leadership leadership,
            Ending ending) {
        this.claims = claims;
        this.sessions = sessions;
        this.urls = urls;
        this.secret = secret;
        this.leadership = leadership;
        this.ending = ending;
    }

    @Override
    public UpdateControl<BrowserSession> reconcile(BrowserSession object, Context<BrowserSession> context) {
        leadership.epoch();
        if (isFinished(object)) {
            secret.drop(object);
            return UpdateControl.noUpdate();
        }
        var project = object.getMetadata().getNamespace();
        var id = claims.id(object);
        if (object.getSpec().terminate()) {
            id.ifPresent(session -> sessions.end(session, project, EndReason.RELEASED));
        }
        return id.flatMap(session -> sessions.find(project, session))
                .map(session -> follow(object, session))
                .orElseGet(() -> begin(object));
    }

    private UpdateControl<BrowserSession> follow(BrowserSession object, Session session) {
        if (!session.isLive()) {
            secret.drop(object);
            return patch(object, report(object).finished(session), Optional.empty());
        }
        var found = urls.of(session);
        if (object.getStatus() == null || object.getStatus().secretName() == null) {
            secret.ensure(object, found);
        }
        return patch(object, report(object).running(session, found), Optional.of(WHILE_RUNNING));
    }

    private UpdateControl<BrowserSession> begin(BrowserSession object) {
        var before = object.getStatus();
        if (object.getSpec().terminate() || (before != null && before.sessionId() != null)) {
            secret.drop(object);
            return patch(object, report(object).finishedUnseen(EndReason.RELEASED), Optional.empty());
        }
        return switch (claims.claim(object)) {
            case SessionClaims.Answer.NotAsked(var reason, var message) ->
                wait(object, new SessionReport.Waiting(reason, message));
            case SessionClaims.Answer.Asked(ClaimOutcome.Granted(var session, var _)) -> follow(object, session);
            case SessionClaims.Answer.Asked(var refused) -> wait(object, SessionReport.waiting(refused));
        };
    }

    private UpdateControl<BrowserSession> wait(BrowserSession object, SessionReport.Waiting why) {
        var waited = Duration.between(
                Instant.parse(object.getMetadata().getCreationTimestamp()),
                ending.clock().instant());
        var next = waited.dividedBy(4);
        next = next.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : next;
        next = next.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : next;
        return patch(object, report(object).pending(why), Optional.of(next));
    }

    /** Ending is safe to repeat, and needs nothing but the object: an answer that was lost leaves nothing claimed. */
    @Override
    public DeleteControl cleanup(BrowserSession object, Context<BrowserSession> context) {
        try {
            leadership.epoch();
            claims.id(object)
                    .ifPresent(session ->
                            sessions.end(session, object.getMetadata().getNamespace(), EndReason.RELEASED));
        } catch (StoreException away) {
            var since = Instant.parse(object.getMetadata().getDeletionTimestamp());
            if (since.plus(ending.releaseDeadline()).isAfter(ending.clock().instant())) {
                throw away;
            }
            // Its deadlines end it once the database is back; a namespace must not hang on it.
        }
        return DeleteControl.defaultDelete();
    }

    private static boolean isFinished(BrowserSession object) {
        return object.getStatus() != null && object.getStatus().phase() == BrowserSessionStatus.Phase.FINISHED;
    }

    private SessionReport report(BrowserSession object) {
        return new SessionReport(object, ending.clock().instant());
    }

    private static UpdateControl<BrowserSession> patch(
            BrowserSession object, BrowserSessionStatus status, Optional<Duration> next) {
        UpdateControl<BrowserSession> control = status.equals(object.getStatus())
                ? UpdateControl.noUpdate()
                : UpdateControl.patchStatus(SessionReport.carrying(object, status));
        return next.map(delay -> control.rescheduleAfter(delay.toMillis())).orElse(control);
    }
}
