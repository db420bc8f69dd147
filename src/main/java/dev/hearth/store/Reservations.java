package dev.hearth.store;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.SessionIds;
import dev.hearth.store.Sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a claim takes in the control database before it asks the first of several shards (adr/0010). The reservation comes
 * before the session and goes after it, so keys and limits hold whatever breaks between the two; what is left over by a
 * process that died is found by {@link ReservationAudit}.
 */
final class Reservations {
    private final Sql sql;

    Reservations(Sql sql) {
        this.sql = sql;
    }

    /** What became of a wish to claim. */
    sealed interface Entry {
        /** It may claim. */
        record Entered() implements Entry {}

        record Refused(ClaimOutcome outcome) implements Entry {}

        /**
         * Another claim with its key was here before.
         *
         * @param session that it makes or has made
         * @param stale it has had time enough: if there is no such session, whoever wanted it is gone
         */
        record Known(UUID session, boolean stale) implements Entry {}
    }

    /** @param session the id in the region that is asked first */
    Entry enter(ClaimRequest request, UUID session) {
        return sql.inTransaction(statements -> {
            var known = known(statements, request);
            if (known != null) {
                return known;
            }
            var project = statements.query(LOCK_PROJECT, Quota::of, request.project());
            for (var quota : project) {
                if (quota.left() <= 0) {
                    return new Entry.Refused(quota.exceeded(ClaimOutcome.Scope.PROJECT));
                }
            }
            if (insert(statements, request, session, !project.isEmpty()) == 0) {
                return new Entry.Refused(new ClaimOutcome.KeyInProgress());
            }
            statements.update(TAKE_TOKEN, request.project());
            return new Entry.Entered();
        });
    }

    private static final String LOCK_PROJECT = """
            SELECT /* reservation.project */ p.concurrency AS live_limit, p.creates_per_minute,
                   create_tokens(p.creates_per_minute, p.tokens, p.filled_at) AS tokens,
                   (SELECT count(*) FROM reservation r WHERE r.project = p.name AND r.held) AS live
              FROM (SELECT name, concurrency, creates_per_minute, tokens, filled_at
                      FROM project
                     WHERE name = ? AND (concurrency IS NOT NULL OR creates_per_minute IS NOT NULL)
                       FOR NO KEY UPDATE) p
            """;

    private static final String FORGET_KEY = """
            UPDATE /* reservation.forget-key */ reservation
               SET key = NULL
             WHERE project = ? AND key = ? AND created_at <= hearth_now() - interval '24 hours'
            """;

    /** 10 s: longer than a claim may take in one region. Shorter: one that still runs is overtaken, and runs in vain. */
    private static final String FIND_KEY = """
            SELECT /* reservation.find-key */ fingerprint, session_id, asked_at < hearth_now() - interval '10 s' AS stale
              FROM reservation
             WHERE project = ? AND key = ?
            """;

    private static @Nullable Entry known(Sql.Statements statements, ClaimRequest request) throws SQLException {
        var key = request.idempotency();
        if (key == null) {
            return null;
        }
        statements.update(FORGET_KEY, request.project(), key.key());
        return statements.query(FIND_KEY, row -> known(row, key.fingerprint()), request.project(), key.key()).stream()
                .findFirst()
                .orElse(null);
    }

    private static Entry known(ResultSet row, byte[] fingerprint) throws SQLException {
        return Arrays.equals(row.getBytes("fingerprint"), fingerprint)
                ? new Entry.Known(SessionRows.uuid(row, "session_id"), row.getBoolean("stale"))
                : new Entry.Refused(new ClaimOutcome.KeyReused());
    }

    /** What the key alone settles, without taking anything; null where it settles nothing. */
    @Nullable
    Entry look(ClaimRequest request) {
        return sql.inTransaction(statements -> known(statements, request));
    }

    private static final String INSERT = """
            INSERT /* reservation.enter */ INTO reservation (
                   id, project, key, fingerprint, session_id, held, asked_at, created_at)
            VALUES (?, ?, ?, ?, ?, ?, hearth_now(), hearth_now())
                ON CONFLICT DO NOTHING
            """;

    private static int insert(Sql.Statements statements, ClaimRequest request, UUID session, boolean held)
            throws SQLException {
        var key = request.idempotency();
        return statements.update(
                INSERT,
                of(session),
                request.project(),
                key == null ? null : key.key(),
                key == null ? null : key.fingerprint(),
                session,
                held);
    }

    private static final String TAKE_TOKEN = """
            UPDATE /* reservation.take-token */ project
               SET tokens = create_tokens(creates_per_minute, tokens, filled_at) - 1, filled_at = hearth_now()
             WHERE name = ? AND creates_per_minute IS NOT NULL
            """;

    private static final String TURN_TO = """
            UPDATE /* reservation.turn-to */ reservation
               SET session_id = ?, asked_at = hearth_now()
             WHERE id = ? AND session_id = ?
            """;

    /** Before another region is asked. False: somebody else has the reservation by now, and this claim must end. */
    boolean turnTo(UUID next, UUID before) {
        return sql.inTransaction(statements -> statements.update(TURN_TO, next, of(before), before)) == 1;
    }

    private static final String TAKE_OVER = """
            UPDATE /* reservation.take-over */ reservation
               SET id = ?, session_id = ?, asked_at = hearth_now()
             WHERE id = ? AND session_id = ?
            """;

    /** The claim that reserved it is dead and buried. False: another one was faster. */
    boolean takeOver(UUID dead, UUID session) {
        return sql.inTransaction(statements -> statements.update(TAKE_OVER, of(session), session, of(dead), dead)) == 1;
    }

    private static final String WITHDRAW = """
            DELETE /* reservation.withdraw */ FROM reservation WHERE id = ? AND session_id = ? RETURNING project
            """;

    private static final String GIVE_TOKEN_BACK = """
            UPDATE /* reservation.give-token-back */ project
               SET tokens = LEAST(creates_per_minute, create_tokens(creates_per_minute, tokens, filled_at) + 1),
                   filled_at = hearth_now()
             WHERE name = ? AND creates_per_minute IS NOT NULL
            """;

    /** No session came of it, so nothing was used: not the key, not the place, not the rate. */
    void withdraw(UUID session) {
        sql.inTransaction(statements -> {
            var projects = statements.query(WITHDRAW, row -> SessionRows.text(row, "project"), of(session), session);
            return projects.isEmpty() ? 0 : statements.update(GIVE_TOKEN_BACK, projects.getFirst());
        });
    }

    private static final String RELEASE = """
            WITH /* reservation.release */ over AS (
                SELECT unnest(?::uuid[]) AS id),
            keyless AS (
                DELETE FROM reservation r USING over o WHERE r.id = o.id AND r.key IS NULL)
            UPDATE reservation r
               SET held = false
              FROM over o
             WHERE r.id = o.id AND r.key IS NOT NULL AND r.held
            """;

    /** Their sessions are over, so their places are free; their keys stay known. */
    void release(Collection<UUID> sessions) {
        var ids = sessions.stream().map(Reservations::of).toList();
        sql.inTransaction(statements -> statements.update(RELEASE, Array.of("uuid", ids)));
    }

    private static final String ROOM = """
            SELECT /* reservation.room */ p.name AS project, p.concurrency AS live_limit, p.creates_per_minute,
                   create_tokens(p.creates_per_minute, p.tokens, p.filled_at) AS tokens,
                   (SELECT count(*) FROM reservation r WHERE r.project = p.name AND r.held) AS live
              FROM project p
             WHERE p.name = ANY (?::text[]) AND (p.concurrency IS NOT NULL OR p.creates_per_minute IS NOT NULL)
            """;

    /** A row for each of the projects that has a limit, as {@link Quota} reads it. */
    <T> List<T> room(Collection<String> projects, Sql.Row<T> row) {
        return sql.reading(statements -> statements.query(ROOM, row, Array.of("text", projects)));
    }

    /** What a session's reservation is known by, whatever region it came to be in. */
    static UUID of(UUID session) {
        return SessionIds.in(session, 0);
    }
}
