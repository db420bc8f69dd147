package dev.hearth.operator.session;

import dev.hearth.api.v1alpha1.BrowserSession;
import dev.hearth.api.v1alpha1.BrowserSessionStatus;
import dev.hearth.api.v1alpha1.BrowserSessionStatus.Phase;
import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.operator.Conditions;
import dev.hearth.operator.ConnectUrls;
import dev.hearth.operator.SessionStatuses;
import dev.hearth.operator.SessionStatuses.Way;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.List;

/** A declared session's standing in the words of its status. Pure. */
record SessionReport(BrowserSession object, Instant now) {
    /** Why a session waits. */
    record Waiting(String reason, String message) {}

    static String secretName(BrowserSession object) {
        return object.getMetadata().getName() + "-connect";
    }

    static Waiting waiting(ClaimOutcome refused) {
        return switch (refused) {
            case ClaimOutcome.NoneWarm(var starting, var _) ->
                new Waiting("NoneWarm", "no warm browser; " + starting + " starting");
            case ClaimOutcome.OverQuota(var scope, var used, var limit) ->
                new Waiting(
                        "QuotaExceeded",
                        "%d of %d sessions of the %s in use"
                                .formatted(used, limit, scope == ClaimOutcome.Scope.PROJECT ? "project" : "pool"));
            case ClaimOutcome.OverRate(var perMinute, var reset) ->
                new Waiting(
                        "RateExceeded",
                        "%d sessions per minute may be made; the next in %d s"
                                .formatted(perMinute, Math.max(1, reset.toSeconds())));
            case ClaimOutcome.KeyReused() ->
                new Waiting("Conflict", "the claim of this object was made before with other terms");
            case ClaimOutcome.KeyInProgress() -> new Waiting("Claiming", "an earlier claim is not answered yet");
            case ClaimOutcome.Failed _ -> new Waiting("StoreUnavailable", "the database did not answer this claim");
            case ClaimOutcome.Granted _ -> throw new IllegalArgumentException("a granted claim does not wait");
        };
    }

    BrowserSessionStatus pending(Waiting why) {
        var conditions = conditions();
        return new BrowserSessionStatus(
                object.getMetadata().getGeneration(),
                Phase.PENDING,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(
                        conditions.of("Ready", false, why.reason(), why.message()),
                        conditions.of("Finished", false, "Pending", "not started")));
    }

    BrowserSessionStatus running(Session session, ConnectUrls.Urls urls) {
        var conditions = conditions();
        return status(
                session,
                Phase.RUNNING,
                new Way(urls.open(), secretName(object)),
                List.of(
                        conditions.of("Ready", true, "Claimed", "connect to the url in secret " + secretName(object)),
                        conditions.of("Finished", false, "Running", "the session is live")));
    }

    BrowserSessionStatus finished(Session session) {
        var conditions = conditions();
        var reason = session.endReason() == null ? EndReason.RELEASED : session.endReason();
        return status(
                session,
                Phase.FINISHED,
                Way.NONE,
                List.of(
                        conditions.of("Ready", false, "Finished", "the session has ended"),
                        conditions.of("Finished", true, reason.word(), "the session has ended")));
    }

    /** Ended before it began, or so long ago that its history is gone. */
    BrowserSessionStatus finishedUnseen(EndReason reason) {
        var conditions = conditions();
        var before = object.getStatus();
        return new BrowserSessionStatus(
                object.getMetadata().getGeneration(),
                Phase.FINISHED,
                before == null ? null : before.sessionId(),
                null,
                null,
                before == null ? null : before.podName(),
                before == null ? null : before.region(),
                before == null ? null : before.startedAt(),
                before == null ? null : before.expiresAt(),
                before == null ? null : before.endedAt(),
                before == null || before.endReason() == null ? reason.word() : before.endReason(),
                List.of(
                        conditions.of("Ready", false, "Finished", "the session has ended"),
                        conditions.of("Finished", true, reason.word(), "the session has ended")));
    }

    static BrowserSession carrying(BrowserSession object, BrowserSessionStatus status) {
        var fresh = new BrowserSession();
        fresh.setMetadata(new ObjectMetaBuilder()
                .withName(object.getMetadata().getName())
                .withNamespace(object.getMetadata().getNamespace())
                .build());
        fresh.setStatus(status);
        return fresh;
    }

    private BrowserSessionStatus status(Session session, Phase phase, Way way, List<Condition> conditions) {
        return SessionStatuses.of(object.getMetadata().getGeneration(), phase, session, way, conditions);
    }

    private Conditions conditions() {
        var before = object.getStatus() == null ? null : object.getStatus().conditions();
        return new Conditions(before, object.getMetadata().getGeneration(), now);
    }
}
