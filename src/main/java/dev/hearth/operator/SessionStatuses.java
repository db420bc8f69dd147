package dev.hearth.operator;

import dev.hearth.api.v1alpha1.BrowserSessionStatus;
import dev.hearth.api.v1alpha1.BrowserSessionStatus.Phase;
import dev.hearth.claim.Session;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A session in the words of a BrowserSession's status: one that the object asked for, or one that it only follows. Pure. */
public final class SessionStatuses {
    private SessionStatuses() {}

    /** Where the object's client finds its way in; both null where the object only follows. */
    public record Way(@Nullable String url, @Nullable String secret) {
        public static final Way NONE = new Way(null, null);
    }

    public static BrowserSessionStatus of(
            @Nullable Long generation, Phase phase, Session session, Way way, List<Condition> conditions) {
        return new BrowserSessionStatus(
                generation,
                phase,
                session.id().toString(),
                way.url(),
                way.secret(),
                session.podName(),
                session.region(),
                text(session.startedAt()),
                text(session.expiresAt()),
                text(session.endedAt()),
                session.endReason() == null ? null : session.endReason().word(),
                conditions);
    }

    /** In whole seconds, as Kubernetes writes times. */
    public static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
