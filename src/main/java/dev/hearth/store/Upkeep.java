package dev.hearth.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Work for a quiet hour, safe at any time and from several processes: partitions of the days, audit of the counters. */
public final class Upkeep {
    private final Sql sql;

    Upkeep(Sql sql) {
        this.sql = sql;
    }

    private static final String BRIEF = """
            SELECT /* upkeep.brief */ set_config('lock_timeout', '2s', true)
            """;

    private static final String ALONE = """
            SELECT /* upkeep.alone */ pg_try_advisory_xact_lock(hashtextextended('hearth.upkeep', 0)) AS alone
            """;

    private static final String ADD = """
            SELECT /* upkeep.add-partitions */ count(*) FILTER (
                   WHERE add_day_partition(?, ?, ((hearth_now() AT TIME ZONE 'UTC')::date + d.ahead)))
              FROM generate_series(0, 3) AS d (ahead)
            """;

    private static final String DROP = """
            SELECT /* upkeep.drop-partitions */
                   drop_day_partitions(?, (hearth_now() AT TIME ZONE 'UTC' - ? * interval '1 ms')::date)
            """;

    /**
     * Makes the partitions of today and the next three days and drops those older than {@code keepHistory}; run it at least
     * daily. Late, it loses nothing: rows of days without a partition are moved when theirs is made. Where another process
     * is at it, nothing is left to do.
     */
    public void partitions(Duration keepHistory) {
        sql.inTransaction(statements -> {
            if (!statements.query(ALONE, row -> row.getBoolean("alone")).getFirst()) {
                return List.of();
            }
            statements.query(BRIEF, row -> row.getString(1));
            statements.query(ADD, row -> row.getInt(1), "session_history", "ended_at");
            statements.query(ADD, row -> row.getInt(1), "idempotency", "created_at");
            statements.query(ADD, row -> row.getInt(1), "session_connection", "started_at");
            statements.query(DROP, row -> row.getInt(1), "session_history", keepHistory.toMillis());
            statements.query(DROP, row -> row.getInt(1), "session_connection", keepHistory.toMillis());
            // Keys live 24 h, so the day before yesterday has none left.
            return statements.query(
                    DROP,
                    row -> row.getInt(1),
                    "idempotency",
                    Duration.ofDays(1).toMillis());
        });
    }

    private static final String LOCK_PROJECTS = """
            SELECT /* upkeep.lock-projects */ project FROM project_counter ORDER BY project, stripe FOR UPDATE
            """;

    private static final String AUDIT_PROJECTS = """
            WITH /* upkeep.audit-projects */ wrong AS MATERIALIZED (
                SELECT c.project, sum(c.live) AS said,
                       (SELECT count(*) FROM session s WHERE s.project = c.project) AS live
                  FROM project_counter c
                 GROUP BY c.project
                HAVING sum(c.live) <> (SELECT count(*) FROM session s WHERE s.project = c.project)),
            repaired AS (
                UPDATE project_counter c
                   SET live = CASE c.stripe WHEN 0 THEN w.live ELSE 0 END
                  FROM wrong w
                 WHERE c.project = w.project)
            SELECT project AS counter, said, live FROM wrong ORDER BY project
            """;

    private static final String LOCK_POOLS = """
            SELECT /* upkeep.lock-pools */ pool_id FROM pool_counter ORDER BY pool_id, stripe FOR UPDATE
            """;

    private static final String AUDIT_POOLS = """
            WITH /* upkeep.audit-pools */ wrong AS MATERIALIZED (
                SELECT c.pool_id, sum(c.live) AS said,
                       (SELECT count(*) FROM session s WHERE s.pool_id = c.pool_id) AS live
                  FROM pool_counter c
                 GROUP BY c.pool_id
                HAVING sum(c.live) <> (SELECT count(*) FROM session s WHERE s.pool_id = c.pool_id)),
            repaired AS (
                UPDATE pool_counter c
                   SET live = CASE c.stripe WHEN 0 THEN w.live ELSE 0 END
                  FROM wrong w
                 WHERE c.pool_id = w.pool_id)
            SELECT pool_id::text AS counter, said, live FROM wrong ORDER BY pool_id
            """;

    /** Compares the counters with the sessions there are, with claims and endings held up meanwhile, and repairs. */
    public List<Drift> auditCounters() {
        return sql.surveying(statements -> {
            statements.query(BRIEF, row -> row.getString(1));
            statements.query(LOCK_PROJECTS, row -> row.getString(1));
            statements.query(LOCK_POOLS, row -> row.getString(1));
            var drifts = statements.query(AUDIT_PROJECTS, Drift::of);
            drifts.addAll(statements.query(AUDIT_POOLS, Drift::of));
            return drifts;
        });
    }

    private static final String OLDEST_SNAPSHOT = """
            SELECT /* upkeep.oldest-snapshot */ pid, coalesce(application_name, '') AS application,
                   (extract(epoch FROM clock_timestamp() - xact_start) * 1000)::bigint AS age
              FROM pg_stat_activity
             WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
               AND backend_xmin IS NOT NULL AND xact_start IS NOT NULL
             ORDER BY xact_start
             LIMIT 1
            """;

    /** The transaction here that has kept what it saw for longest. Of other roles only seen with {@code pg_read_all_stats}. */
    public Optional<HeldSnapshot> oldestSnapshot() {
        return sql.reading(statements -> statements.query(OLDEST_SNAPSHOT, HeldSnapshot::of)).stream()
                .findFirst();
    }

    public record HeldSnapshot(int pid, String application, Duration age) {
        static HeldSnapshot of(ResultSet row) throws SQLException {
            return new HeldSnapshot(
                    row.getInt("pid"), SessionRows.text(row, "application"), Duration.ofMillis(row.getLong("age")));
        }
    }

    /** A counter that was wrong; it is right now, but something miscounted. */
    public record Drift(String counter, long said, long live) {
        static Drift of(ResultSet row) throws SQLException {
            return new Drift(SessionRows.text(row, "counter"), row.getLong("said"), row.getLong("live"));
        }
    }
}
