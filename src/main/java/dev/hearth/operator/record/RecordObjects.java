package dev.hearth.operator.record;

import dev.hearth.api.v1alpha1.BrowserSession;
import dev.hearth.api.v1alpha1.BrowserSessionSpec;
import dev.hearth.api.v1alpha1.BrowserSessionStatus;
import dev.hearth.api.v1alpha1.BrowserSessionStatus.Phase;
import dev.hearth.api.v1alpha1.PoolRef;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.operator.Conditions;
import dev.hearth.operator.Labels;
import dev.hearth.operator.SessionStatuses;
import dev.hearth.operator.SessionStatuses.Way;
import dev.hearth.operator.record.RecordPlanner.SessionRecord;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sessions in the words of BrowserSession objects, and back. Pure. Never holds a URL: whoever may read objects may not connect. */
final class RecordObjects {
    private RecordObjects() {}

    static String name(UUID session) {
        return "http-" + session;
    }

    /** In the namespace of the project that claimed, which may be another than the pool's. */
    static BrowserSession object(Session session) {
        var object = new BrowserSession();
        object.setMetadata(new ObjectMetaBuilder()
                .withNamespace(session.project())
                .withName(name(session.id()))
                .addToLabels(Labels.RECORD, session.id().toString())
                .addToLabels(Labels.MANAGED_BY, Labels.HEARTH)
                .build());
        object.setSpec(new BrowserSessionSpec(
                new PoolRef(session.pool(), session.namespace()),
                null,
                null,
                null,
                session.terms().keepAlive(),
                null,
                null,
                false));
        return object;
    }

    static BrowserSessionStatus running(BrowserSession object, Session session, Instant now) {
        var conditions = new Conditions(null, generation(object), now);
        return SessionStatuses.of(
                generation(object),
                Phase.RUNNING,
                session,
                Way.NONE,
                List.of(
                        conditions.of(
                                "Ready",
                                false,
                                "ClaimedOverHttp",
                                "its client has the url; this object only follows it"),
                        conditions.of("Finished", false, "Running", "the session is live")));
    }

    static BrowserSessionStatus finished(BrowserSession object, @Nullable Session session, Instant now) {
        var before = object.getStatus();
        var conditions = new Conditions(before == null ? null : before.conditions(), generation(object), now);
        var reason = session == null || session.endReason() == null ? EndReason.RELEASED : session.endReason();
        var both = List.of(
                conditions.of("Ready", false, "Finished", "the session has ended"),
                conditions.of("Finished", true, reason.word(), "the session has ended"));
        if (session != null) {
            return SessionStatuses.of(generation(object), Phase.FINISHED, session, Way.NONE, both);
        }
        return new BrowserSessionStatus(
                generation(object),
                Phase.FINISHED,
                before == null ? null : before.sessionId(),
                null,
                null,
                before == null ? null : before.podName(),
                before == null ? null : before.region(),
                before == null ? null : before.startedAt(),
                before == null ? null : before.expiresAt(),
                SessionStatuses.text(now),
                reason.word(),
                both);
    }

    static boolean isLabelled(BrowserSession object) {
        var labels = object.getMetadata().getLabels();
        return labels != null && labels.containsKey(Labels.RECORD);
    }

    /** Empty for what is no record of ours, whatever its label says. */
    static Optional<SessionRecord> record(BrowserSession object) {
        var meta = object.getMetadata();
        if (!isLabelled(object)) {
            return Optional.empty();
        }
        try {
            var session = UUID.fromString(meta.getLabels().get(Labels.RECORD));
            var status = object.getStatus();
            var ended = status == null || status.phase() != Phase.FINISHED || status.endedAt() == null
                    ? null
                    : Instant.parse(status.endedAt());
            return meta.getName().equals(name(session))
                    ? Optional.of(new SessionRecord(session, meta.getNamespace(), meta.getName(), ended))
                    : Optional.empty();
        } catch (IllegalArgumentException | java.time.DateTimeException notOurs) {
            return Optional.empty();
        }
    }

    private static long generation(BrowserSession object) {
        var generation = object.getMetadata().getGeneration();
        return generation == null ? 1 : generation;
    }
}
