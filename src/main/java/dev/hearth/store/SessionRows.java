package dev.hearth.store;

import dev.hearth.claim.Connections;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionTerms;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of {@code session} and {@code session_history} as {@link Session}s. */
final class SessionRows {
    private SessionRows() {}

    /** A row of {@code session}: a session that is live. */
    static Session live(ResultSet row) throws SQLException {
        return session(row, null, null, 0);
    }

    /** A row of {@code any_session}. */
    static Session any(ResultSet row) throws SQLException {
        return row.getString("end_reason") == null ? session(row, null, null, row.getLong("proxy_bytes")) : ended(row);
    }

    /** A row of {@code session_history}. */
    static Session ended(ResultSet row) throws SQLException {
        return session(
                row, required(row, "ended_at"), EndReason.ofWord(text(row, "end_reason")), row.getLong("proxy_bytes"));
    }

    private static Session session(
            ResultSet row, @Nullable Instant endedAt, @Nullable EndReason reason, long proxyBytes) throws SQLException {
        return new Session(
                uuid(row, "id"),
                text(row, "project"),
                uuid(row, "pool_id"),
                text(row, "namespace"),
                text(row, "pool"),
                text(row, "region"),
                row.getString("zone"),
                uuid(row, "browser_id"),
                text(row, "pod_name"),
                text(row, "pod_uid"),
                text(row, "address"),
                row.getLong("epoch"),
                terms(row),
                text(row, "metadata"),
                required(row, "started_at"),
                required(row, "expires_at"),
                required(row, "updated_at"),
                endedAt,
                reason,
                proxyBytes);
    }

    static SessionTerms terms(ResultSet row) throws SQLException {
        var idle = (Long) row.getObject("idle_ms");
        return new SessionTerms(
                Duration.ofMillis(row.getLong("timeout_ms")),
                idle == null ? null : Duration.ofMillis(idle),
                Duration.ofMillis(row.getLong("connect_ms")),
                Duration.ofMillis(row.getLong("reconnect_ms")),
                row.getBoolean("keep_alive"),
                Connections.valueOf(text(row, "connections")));
    }

    static UUID uuid(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, UUID.class), column);
    }

    static String text(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getString(column), column);
    }

    static Instant required(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, OffsetDateTime.class), column)
                .toInstant();
    }
}
