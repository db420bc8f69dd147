package dev.hearth.cloudflare;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hearth.claim.ConnectionLog.Connection;
import dev.hearth.claim.ConnectionLog.Held;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session as Cloudflare's clients read it; times in milliseconds since 1970. A live one has a {@code connectionId} only
 * while somebody holds it: that is how workers tell a free one.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SessionFacts(
        String sessionId,
        long startTime,
        @Nullable String connectionId,
        @Nullable Long connectionStartTime,
        @Nullable Long connectionEndTime,
        @Nullable Long endTime,
        @Nullable Integer closeReason,
        @Nullable String closeReasonText,
        @Nullable Long lastUpdated,
        @Nullable String webSocketDebuggerUrl) {

    /** As the binding has it. */
    static SessionFacts of(Held held) {
        return of(held, null, null);
    }

    /** As REST has it. @param url where to connect; of no use once the session has ended */
    static SessionFacts of(Held held, String url) {
        return of(
                held, held.session().updatedAt().toEpochMilli(), held.session().isLive() ? url : null);
    }

    private static SessionFacts of(Held held, @Nullable Long updated, @Nullable String url) {
        var session = held.session();
        var connection = shown(held);
        var reason = session.endReason() == null ? null : CloseReason.of(session.endReason());
        return new SessionFacts(
                session.id().toString(),
                session.startedAt().toEpochMilli(),
                connection == null ? null : connection.id().toString(),
                connection == null ? null : connection.startedAt().toEpochMilli(),
                connection == null ? null : millis(connection.endedAt()),
                millis(session.endedAt()),
                reason == null ? null : reason.number(),
                reason == null ? null : reason.text(),
                updated,
                url);
    }

    private static @Nullable Connection shown(Held held) {
        var connection = held.connection();
        return connection != null && held.session().isLive() && connection.endedAt() != null ? null : connection;
    }

    private static @Nullable Long millis(@Nullable Instant time) {
        return time == null ? null : time.toEpochMilli();
    }
}
