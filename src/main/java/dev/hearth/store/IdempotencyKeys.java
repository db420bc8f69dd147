package dev.hearth.store;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.ClaimRequest.Idempotency;
import dev.hearth.store.Sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * A client's own names for its requests, remembered for 24 h. A name is reserved by an advisory lock of the transaction
 * before anything is claimed, and written with the claim: a refused request leaves no trace and may be tried again.
 */
final class IdempotencyKeys {
    private static final String RESERVE = """
            SELECT /* idempotency.reserve */ w.ordinal
              FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS w (project, key, ordinal)
             WHERE pg_try_advisory_xact_lock(hashtextextended(w.project || chr(10) || w.key, 0))
            """;

    private static final String FIND = """
            SELECT /* idempotency.find */ w.ordinal, i.fingerprint, i.session_id
              FROM unnest(?::text[], ?::text[], ?::uuid[]) WITH ORDINALITY AS w (project, key, session_id, ordinal)
             CROSS JOIN LATERAL (
                   SELECT fingerprint, session_id
                     FROM idempotency
                    WHERE project = w.project AND key = w.key AND created_at > hearth_now() - interval '24 hours'
                    ORDER BY session_id = w.session_id DESC, created_at DESC
                    LIMIT 1) i
            """;

    private static final String REMEMBER = """
            INSERT /* idempotency.remember */ INTO idempotency (project, key, fingerprint, session_id, created_at)
            SELECT k.project, k.key, k.fingerprint, k.session_id, hearth_now()
              FROM unnest(?::text[], ?::text[], ?::bytea[], ?::uuid[]) AS k (project, key, fingerprint, session_id)
            """;

    private IdempotencyKeys() {}

    /** The outcomes that are settled by their key alone; the others hold their key and may claim. */
    static Map<ClaimRequest, ClaimOutcome> reserve(Sql.Statements statements, List<ClaimRequest> requests)
            throws SQLException {
        var settled = new HashMap<ClaimRequest, ClaimOutcome>();
        var keyed = firstOfEachKey(requests, settled);
        if (keyed.isEmpty()) {
            return settled;
        }
        var projects = column(keyed, ClaimRequest::project);
        var keys = column(keyed, request -> key(request).key());
        var free = statements.query(RESERVE, row -> keyed.get(row.getInt("ordinal") - 1), projects, keys);
        keyed.stream()
                .filter(request -> !free.contains(request))
                .forEach(request -> settled.put(request, new ClaimOutcome.KeyInProgress()));
        // A statement of its own: it must see what the last holder of the lock has committed.
        var known = statements.query(
                FIND,
                row -> new Known(
                        keyed.get(row.getInt("ordinal") - 1),
                        row.getBytes("fingerprint"),
                        SessionRows.uuid(row, "session_id")),
                projects,
                keys,
                Array.of("uuid", keyed.stream().map(ClaimRequest::session).toList()));
        replay(statements, known, settled);
        return settled;
    }

    static void remember(Sql.Statements statements, Collection<ClaimRequest> granted) throws SQLException {
        var keyed = granted.stream()
                .filter(request -> request.idempotency() != null)
                .toList();
        if (!keyed.isEmpty()) {
            statements.update(
                    REMEMBER,
                    column(keyed, ClaimRequest::project),
                    column(keyed, request -> key(request).key()),
                    Array.ofBytes(keyed.stream()
                            .map(request -> key(request).fingerprint())
                            .toList()),
                    Array.of("uuid", keyed.stream().map(ClaimRequest::session).toList()));
        }
    }

    private static final String OWN = """
            SELECT /* idempotency.own */ session_id FROM idempotency WHERE project = ? AND key = ? AND session_id = ?
            """;

    /**
     * Sees to it that this session never comes to be here, so that its claim can be made anew elsewhere. Empty: it is
     * buried; else what became of it.
     */
    static Optional<ClaimOutcome> bury(Sql.Statements statements, ClaimRequest dead) throws SQLException {
        var settled = reserve(statements, List.of(dead)).get(dead);
        if (settled == null) {
            remember(statements, List.of(dead));
            return Optional.empty();
        }
        return settled instanceof ClaimOutcome.KeyInProgress && isBuried(statements, dead)
                ? Optional.empty()
                : Optional.of(settled);
    }

    /** The name of a session that is not there. */
    private static boolean isBuried(Sql.Statements statements, ClaimRequest dead) throws SQLException {
        var own = statements.query(
                OWN,
                row -> SessionRows.uuid(row, "session_id"),
                dead.project(),
                key(dead).key(),
                dead.session());
        return !own.isEmpty() && SessionQueries.byIds(statements, own).isEmpty();
    }

    /** A second request with a key of the same group: the first has not been answered yet. */
    private static List<ClaimRequest> firstOfEachKey(
            List<ClaimRequest> requests, Map<ClaimRequest, ClaimOutcome> settled) {
        var first = new HashMap<List<String>, byte[]>();
        var keyed = new ArrayList<ClaimRequest>();
        for (var request : requests) {
            if (request.idempotency() == null) {
                continue;
            }
            var key = key(request);
            var earlier = first.putIfAbsent(List.of(request.project(), key.key()), key.fingerprint());
            if (earlier == null) {
                keyed.add(request);
            } else {
                settled.put(
                        request,
                        Arrays.equals(earlier, key.fingerprint())
                                ? new ClaimOutcome.KeyInProgress()
                                : new ClaimOutcome.KeyReused());
            }
        }
        return keyed;
    }

    private static void replay(Sql.Statements statements, List<Known> known, Map<ClaimRequest, ClaimOutcome> settled)
            throws SQLException {
        var sessions = SessionQueries.byIds(
                statements, known.stream().map(Known::session).toList());
        for (var key : known) {
            if (settled.containsKey(key.request())) {
                continue;
            }
            var session = sessions.get(key.session());
            if (!Arrays.equals(key.fingerprint(), key(key.request()).fingerprint())) {
                settled.put(key.request(), new ClaimOutcome.KeyReused());
            } else if (session != null) {
                settled.put(key.request(), new ClaimOutcome.Granted(session, true));
            } else if (key.session().equals(key.request().session())) {
                // Buried: another claim has taken its place.
                settled.put(key.request(), new ClaimOutcome.KeyInProgress());
            }
        }
    }

    private static Idempotency key(ClaimRequest request) {
        var key = request.idempotency();
        if (key == null) {
            throw new IllegalStateException("asked for the key of a request without one");
        }
        return key;
    }

    private static Array column(List<ClaimRequest> requests, Function<ClaimRequest, String> value) {
        return Array.of("text", requests.stream().map(value).toList());
    }

    private record Known(ClaimRequest request, byte[] fingerprint, UUID session) {}
}
