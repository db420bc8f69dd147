package dev.hearth.store;

import dev.hearth.claim.Directory;
import dev.hearth.store.Sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Projects, keys and pools in the control database; the limits a claim must know are mirrored into the shards. */
final class PostgresDirectory implements Directory {
    private final Sql sql;
    private final Shards shards;
    private final LimitedProjects limited;

    PostgresDirectory(Sql sql, Shards shards, LimitedProjects limited) {
        this.sql = sql;
        this.shards = shards;
        this.limited = limited;
    }

    private static final String AUTHENTICATE = """
            SELECT /* directory.authenticate */ p.name, p.concurrency, p.default_timeout_ms, p.creates_per_minute
              FROM api_key k
              JOIN project p ON p.name = k.project
             WHERE k.hash = ?
            """;

    @Override
    public Optional<Project> authenticate(byte[] keyHash) {
        return sql.reading(statements -> statements.query(AUTHENTICATE, PostgresDirectory::project, keyHash).stream()
                .findFirst());
    }

    private static final String PROJECT = """
            SELECT /* directory.project */ name, concurrency, default_timeout_ms, creates_per_minute
              FROM project
             WHERE name = ?
            """;

    @Override
    public Optional<Project> project(String name) {
        return sql.reading(statements -> statements.query(PROJECT, PostgresDirectory::project, name).stream()
                .findFirst());
    }

    private static final String PROJECTS = """
            SELECT /* directory.projects */ name FROM project UNION SELECT project FROM api_key
            """;

    @Override
    public List<String> projects() {
        return sql.reading(statements -> statements.query(PROJECTS, row -> row.getString("name")));
    }

    private static final String POOLS = """
            SELECT /* directory.pools */ id, namespace, name, region, allowed_projects, fallback_regions,
                   timeout_ms, idle_ms, connect_ms, reconnect_ms, keep_alive, connections,
                   timeout_is_default, max_sessions, guarded, traffic_weight, traffic_by_claim
              FROM pool
             ORDER BY namespace, name
            """;

    @Override
    public List<Pool> pools() {
        return sql.reading(statements -> statements.query(POOLS, PostgresDirectory::pool));
    }

    private static final String PUT_POOL = """
            INSERT /* directory.put-pool */ INTO pool (
                   id, namespace, name, region, allowed_projects, fallback_regions,
                   timeout_ms, idle_ms, connect_ms, reconnect_ms, keep_alive, connections,
                   timeout_is_default, max_sessions, guarded, traffic_weight, traffic_by_claim)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?::bigint, ?, ?, ?, ?, ?, ?::integer, ?, ?::integer, ?)
                ON CONFLICT (id) DO UPDATE
               SET allowed_projects = EXCLUDED.allowed_projects, fallback_regions = EXCLUDED.fallback_regions,
                   timeout_ms = EXCLUDED.timeout_ms, idle_ms = EXCLUDED.idle_ms, connect_ms = EXCLUDED.connect_ms,
                   reconnect_ms = EXCLUDED.reconnect_ms, keep_alive = EXCLUDED.keep_alive,
                   connections = EXCLUDED.connections, timeout_is_default = EXCLUDED.timeout_is_default,
                   max_sessions = EXCLUDED.max_sessions, guarded = EXCLUDED.guarded,
                   traffic_weight = EXCLUDED.traffic_weight, traffic_by_claim = EXCLUDED.traffic_by_claim
            """;

    /** The limit goes first: a pool that can be claimed from is never without it. */
    @Override
    public void putPool(Pool pool) {
        shards.ofRegion(pool.region()).limits().ofPool(pool.id(), pool.maxSessions());
        var terms = pool.defaults();
        var share = pool.share();
        sql.inTransaction(statements -> statements.update(
                PUT_POOL,
                pool.id(),
                pool.namespace(),
                pool.name(),
                pool.region(),
                Array.of("text", pool.allowedProjects()),
                Array.of("text", pool.fallbackRegions()),
                terms.timeout().toMillis(),
                millis(terms.idleTimeout()),
                terms.connectTimeout().toMillis(),
                terms.reconnectWindow().toMillis(),
                terms.keepAlive(),
                terms.connections().name(),
                pool.timeoutIsDefault(),
                pool.maxSessions(),
                pool.guarded(),
                share == null ? null : share.weight(),
                share != null && share.byClaim()));
    }

    private static final String REMOVE_POOL = """
            DELETE /* directory.remove-pool */ FROM pool WHERE id = ?
            """;

    @Override
    public void removePool(UUID pool) {
        sql.inTransaction(statements -> statements.update(REMOVE_POOL, pool));
    }

    private static final String PUT_PROJECT = """
            INSERT /* directory.put-project */ INTO project (name, concurrency, default_timeout_ms, creates_per_minute)
            VALUES (?, ?::integer, ?::bigint, ?::integer)
                ON CONFLICT (name) DO UPDATE
               SET concurrency = EXCLUDED.concurrency, default_timeout_ms = EXCLUDED.default_timeout_ms,
                   creates_per_minute = EXCLUDED.creates_per_minute,
                   -- another rate begins with a full bucket
                   filled_at = CASE WHEN project.creates_per_minute IS NOT DISTINCT FROM EXCLUDED.creates_per_minute
                                    THEN project.filled_at END
            """;

    /** A shard that cannot be reached gets the limit with the next round: with several, the control database's counts. */
    @Override
    public void putProject(Project project) {
        if (shards.areSeveral()) {
            put(project);
            Fan.ask(shards.all(), shard -> mirrored(shard, project));
            limited.forget(project.name());
        } else {
            mirrored(shards.all().getFirst(), project);
            put(project);
        }
    }

    private static String mirrored(Shard shard, Project project) {
        shard.limits().ofProject(project.name(), project.concurrency(), project.createsPerMinute());
        return project.name();
    }

    private void put(Project project) {
        sql.inTransaction(statements -> statements.update(
                PUT_PROJECT,
                project.name(),
                project.concurrency(),
                millis(project.defaultTimeout()),
                project.createsPerMinute()));
    }

    private static final String DROP_KEYS = """
            DELETE /* directory.drop-keys */ FROM api_key WHERE project = ? AND hash <> ALL (?::bytea[])
            """;

    private static final String ADD_KEYS = """
            INSERT /* directory.add-keys */ INTO api_key (hash, project, hint)
            SELECT k.hash, ?, k.hint
              FROM unnest(?::bytea[], ?::text[]) AS k (hash, hint)
                ON CONFLICT (hash) DO UPDATE SET hint = EXCLUDED.hint
             WHERE api_key.project = EXCLUDED.project
            """;

    /** A key that another project holds already stays with that project. */
    @Override
    public void replaceKeys(String project, List<Key> keys) {
        var hashes = Array.ofBytes(keys.stream().map(Key::hash).toList());
        var hints = Array.of("text", keys.stream().map(Key::hint).toList());
        sql.inTransaction(statements -> {
            statements.update(DROP_KEYS, project, hashes);
            return statements.update(ADD_KEYS, project, hashes, hints);
        });
    }

    private static Project project(ResultSet row) throws SQLException {
        var timeout = (Long) row.getObject("default_timeout_ms");
        return new Project(
                SessionRows.text(row, "name"),
                (Integer) row.getObject("concurrency"),
                timeout == null ? null : Duration.ofMillis(timeout),
                (Integer) row.getObject("creates_per_minute"));
    }

    private static Pool pool(ResultSet row) throws SQLException {
        return new Pool(
                SessionRows.uuid(row, "id"),
                SessionRows.text(row, "namespace"),
                SessionRows.text(row, "name"),
                SessionRows.text(row, "region"),
                texts(row, "allowed_projects"),
                texts(row, "fallback_regions"),
                SessionRows.terms(row),
                row.getBoolean("timeout_is_default"),
                (Integer) row.getObject("max_sessions"),
                row.getBoolean("guarded"),
                share(row));
    }

    private static @Nullable Share share(ResultSet row) throws SQLException {
        var weight = (Integer) row.getObject("traffic_weight");
        return weight == null ? null : new Share(weight, row.getBoolean("traffic_by_claim"));
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }

    private static @Nullable Long millis(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis();
    }
}
