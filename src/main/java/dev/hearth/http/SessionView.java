package dev.hearth.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.hearth.claim.Session;
import dev.hearth.gateway.SessionUrls;
import org.jspecify.annotations.Nullable;

/**
 * A session as its project sees it: Browserbase's fields, and Hearth's {@code pool} and {@code endReason}. Holds the
 * session's secret while it lives; where its browser runs is never shown.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SessionView(
        String id,
        String createdAt,
        String updatedAt,
        String startedAt,
        @Nullable String endedAt,
        String expiresAt,
        String projectId,
        String status,
        boolean keepAlive,
        String region,
        String pool,
        long proxyBytes,
        @JsonRawValue String userMetadata,
        @Nullable String endReason,
        @Nullable String connectUrl,
        @Nullable String seleniumRemoteUrl,
        @Nullable String signingKey) {

    /** With the URL that connects to it, while it can be connected to. */
    static SessionView full(Session session, SessionUrls urls, String host) {
        if (!session.isLive()) {
            return listed(session);
        }
        var url = urls.connect(session.id(), host);
        return of(session, new Secrets(url, "", SessionUrls.token(url)));
    }

    /** As one of many: a list is read in places where secrets do not belong. */
    static SessionView listed(Session session) {
        return of(session, new Secrets(null, null, null));
    }

    private record Secrets(
            @Nullable String connectUrl,
            @Nullable String selenium,
            @Nullable String signingKey) {}

    private static SessionView of(Session session, Secrets secrets) {
        var ended = session.endedAt();
        var reason = session.endReason();
        return new SessionView(
                session.id().toString(),
                session.startedAt().toString(),
                session.updatedAt().toString(),
                session.startedAt().toString(),
                ended == null ? null : ended.toString(),
                session.expiresAt().toString(),
                session.project(),
                reason == null ? "RUNNING" : reason.ending().name(),
                session.terms().keepAlive(),
                session.region(),
                session.namespace() + "/" + session.pool(),
                session.proxyBytes(),
                session.metadata(),
                reason == null ? null : reason.word(),
                secrets.connectUrl(),
                secrets.selenium(),
                secrets.signingKey());
    }

    @Override
    public String toString() {
        return "SessionView[id=" + id + ", status=" + status + "]";
    }
}
