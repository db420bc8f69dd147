package dev.hearth.cloudflare;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hearth.claim.ConnectionLog.Connection;
import dev.hearth.claim.ConnectionLog.Held;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session as Cloudflare's clients read it; times in milliseconds since 1970. A live one has a {@code connectionId} only
 * while somebody holds it, its maker included before the first connection: that is how workers tell a free one.
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

    /**
     * From its making, unless somebody connects before: who launches connects at once, and would lose the session to whoever
     * finds it listed as free. Longer: a session that was made to be found waits. Shorter: a slow launcher loses its own.
     */
    static final Duration MAKERS_OWN = Duration.ofSeconds(10);

    /** As the binding has it. @param now by the clock that the session's times come from, give or take a second */
    static SessionFacts of(Held held, Instant now) {
        return of(held, now, null, null);
    }

    /** As REST has it. @param url where to connect; of no use once the session has ended */
    static SessionFacts of(Held held, Instant now, String url) {
        return of(
                held,
                now,
                held.session().updatedAt().toEpochMilli(),
                held.session().isLive() ? url : null);
    }

    private static SessionFacts of(Held held, Instant now, @Nullable Long updated, @Nullable String url) {
        var session = held.session();
        var connection = shown(held, now);
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

    private static @Nullable Connection shown(Held held, Instant now) {
        var session = held.session();
        var connection = held.connection();
        if (!session.isLive()) {
            return connection;
        }
        if (connection != null) {
            return connection.endedAt() == null ? connection : null;
        }
        return now.isBefore(session.startedAt().plus(MAKERS_OWN))
                ? new Connection(session.id(), session.startedAt(), null)
                : null;
    }

    private static @Nullable Long millis(@Nullable Instant time) {
        return time == null ? null : time.toEpochMilli();
    }
}
