package dev.hearth.store;

import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionListener;
import dev.hearth.claim.SessionStore;
import dev.hearth.claim.StoreException;
import dev.hearth.claim.StoreException.Kind;
import dev.hearth.store.Sql.Array;
import dev.hearth.store.bus.Bus;
import dev.hearth.store.bus.BusSettings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sessions of one shard. */
final class PostgresSessionStore implements SessionStore, AutoCloseable {
    private final Sql sql;
    private final SessionListener listener;
    private final Bus<Endings.Due, Ending> endings;

    /** @param patience how long an ending waits until the database has time for it */
    PostgresSessionStore(Sql sql, SessionListener listener, BusSettings bus, Duration patience) {
        this.sql = sql;
        this.listener = listener;
        this.endings = new Bus<>(bus, bus.endingPace(), patience, this::end);
    }

    private static final String FIND = """
            SELECT /* session.find */
                   id, project, pool_id, namespace, pool, region, zone, browser_id, pod_name, pod_uid, address, epoch,
                   timeout_ms, idle_ms, connect_ms, reconnect_ms, keep_alive, connections, metadata,
                   started_at, updated_at, expires_at, ended_at, end_reason, proxy_bytes
              FROM any_session
             WHERE id = ? AND (?::text IS NULL OR project = ?)
            """;

    @Override
    public Optional<Session> find(@Nullable String project, UUID session) {
        return sql.reading(statements -> statements.query(FIND, SessionRows::any, session, project, project).stream()
                .findFirst());
    }

    private static final String LIST = """
            SELECT /* session.list */
                   id, project, pool_id, namespace, pool, region, zone, browser_id, pod_name, pod_uid, address, epoch,
                   timeout_ms, idle_ms, connect_ms, reconnect_ms, keep_alive, connections, metadata,
                   started_at, updated_at, expires_at, ended_at, end_reason, proxy_bytes
              FROM any_session
             WHERE project = ?
               AND (?::boolean IS NULL OR (ended_at IS NULL) = ?)
               AND (?::text[] IS NULL OR end_reason = ANY (?::text[]))
               AND (?::jsonb IS NULL OR metadata::jsonb @> ?::jsonb)
             ORDER BY ended_at IS NULL DESC, started_at DESC, id DESC
             LIMIT ?
            """;

    @Override
    public List<Session> list(String project, Filter filter) {
        var reasons = filter.ending() == null ? null : reasons(filter.ending());
        return sql.reading(statements -> statements.query(
                LIST,
                SessionRows::any,
                project,
                filter.live(),
                filter.live(),
                reasons,
                reasons,
                filter.metadata(),
                filter.metadata(),
                filter.limit()));
    }

    private static Array reasons(EndReason.Ending ending) {
        return Array.of(
                "text",
                Arrays.stream(EndReason.values())
                        .filter(reason -> reason.ending() == ending)
                        .map(EndReason::word)
                        .toList());
    }

    private static final String BROWSER_TIME = """
            SELECT /* session.browser-time */
                   coalesce(sum(extract(epoch FROM coalesce(ended_at, hearth_now()) - started_at)), 0)::bigint AS seconds
              FROM any_session
             WHERE project = ?
            """;

    @Override
    public Duration browserTime(String project) {
        return sql.reading(statements ->
                        statements.query(BROWSER_TIME, row -> Duration.ofSeconds(row.getLong("seconds")), project))
                .getFirst();
    }

    private static final String PROXY_BYTES = """
            SELECT /* session.proxy-bytes */ coalesce(sum(proxy_bytes), 0)::bigint AS bytes FROM any_session WHERE project = ?
            """;

    @Override
    public long proxyBytes(String project) {
        return sql.reading(statements -> statements.query(PROXY_BYTES, row -> row.getLong("bytes"), project))
                .getFirst();
    }

    private static final String ATTACH = """
            WITH /* session.attach */ moved AS (
                UPDATE session
                   SET connect_by = connect_by + GREATEST(interval '0', hearth_now() + interval '15 s' - connect_by),
                       reconnect_by = reconnect_by + GREATEST(interval '0', hearth_now() + interval '15 s' - reconnect_by)
                 WHERE id = ?
                   AND (?::text IS NULL OR project = ?)
                   AND LEAST(connect_by, reconnect_by) < hearth_now() + interval '15 s')
            SELECT id, project, pool_id, namespace, pool, region, zone, browser_id, pod_name, pod_uid, address, epoch,
                   timeout_ms, idle_ms, connect_ms, reconnect_ms, keep_alive, connections, metadata,
                   started_at, updated_at, expires_at, ended_at, end_reason, settings,
                   -- not looked up: whoever connects has no use for it
                   0::bigint AS proxy_bytes
              FROM any_session
             WHERE id = ? AND (?::text IS NULL OR project = ?)
            """;

    /**
     * Leaves a dial 15 s until the browser's beat has told of the connection. Shorter: a slow dial loses its session;
     * longer: a client that only asks keeps a browser.
     */
    @Override
    public Attachment attach(UUID session, @Nullable String project) {
        // A deadline that is moved twice is moved once: no transaction, whose commit would be one more round trip.
        var found = sql.reading(statements -> statements.query(
                ATTACH, PostgresSessionStore::attachment, session, project, project, session, project, project));
        return found.stream().findFirst().orElseGet(Attachment.Unknown::new);
    }

    private static Attachment attachment(ResultSet row) throws SQLException {
        var session = SessionRows.any(row);
        return session.isLive()
                ? new Attachment.Open(session, row.getString("settings"))
                : new Attachment.Over(session);
    }

    @Override
    public Ending end(UUID session, @Nullable String project, EndReason reason) {
        return endings.ask(new Endings.Due(session, reason, project));
    }

    private List<Ending> end(List<Endings.Due> due) {
        try {
            return endOnce(due);
        } catch (StoreException e) {
            if (e.kind() != Kind.OUTCOME_UNKNOWN) {
                throw e;
            }
            // Ending twice is fine, so a lost answer is asked for again.
            return endOnce(due);
        }
    }

    private List<Ending> endOnce(List<Endings.Due> due) {
        var ended = new ArrayList<>(sql.inOneStatement(statements -> Endings.end(statements, due)));
        ended.forEach(listener::ended);
        return due.stream().map(each -> ending(each, ended)).toList();
    }

    /** Of two that ended the same session together, one has ended it. */
    private Ending ending(Endings.Due due, List<Session> ended) {
        for (var session : ended) {
            if (due.ends(session)) {
                ended.remove(session);
                return new Ending.Ended(session);
            }
        }
        return find(due.project(), due.session())
                .<Ending>map(Ending.AlreadyEnded::new)
                .orElseGet(Ending.Unknown::new);
    }

    /** Endings on their way arrive first. */
    @Override
    public void close() {
        endings.close();
    }
}
