package dev.hearth.store;

import dev.hearth.store.MovePlan.Standing;
import dev.hearth.store.Sql.Statements;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far a move is, in the control database. The connection holds a lock for as long as it lives, so that of several
 * movers of a region one is at work, and a dead one is none.
 */
final class MoveLedger {
    private final Statements control;
    private final String region;

    MoveLedger(Statements control, String region) {
        this.control = control;
        this.region = region;
    }

    private static final String ALONE = """
            SELECT /* move.alone */ pg_try_advisory_lock(hashtextextended('hearth.move.' || ?, 0)) AS alone
            """;

    boolean alone() throws SQLException {
        return control.query(ALONE, row -> row.getBoolean("alone"), region).getFirst();
    }

    private static final String STANDING = """
            SELECT /* move.standing */ v.id, v.database, v.moving_to, v.moved_from
              FROM region r JOIN virtual_shard v ON v.id = r.virtual_shard
             WHERE r.name = ?
            """;

    Optional<Standing> standing() throws SQLException {
        return control
                .query(
                        STANDING,
                        row -> new Standing(
                                row.getInt("id"),
                                SessionRows.text(row, "database"),
                                row.getString("moving_to"),
                                row.getString("moved_from")),
                        region)
                .stream()
                .findFirst();
    }

    private static final String REGIONS = """
            SELECT /* move.regions */ name FROM region ORDER BY name
            """;

    List<String> regions() throws SQLException {
        return control.query(REGIONS, row -> SessionRows.text(row, "name"));
    }

    private static final String POOLS = """
            SELECT /* move.pools */ id, max_sessions FROM pool WHERE region = ? ORDER BY id
            """;

    List<LimitedPool> pools() throws SQLException {
        return control.query(
                POOLS,
                row -> new LimitedPool(SessionRows.uuid(row, "id"), (Integer) row.getObject("max_sessions")),
                region);
    }

    record LimitedPool(UUID id, @Nullable Integer limit) {}

    private static final String VERSION = """
            SELECT /* move.version */ version FROM shard_map
            """;

    long version() throws SQLException {
        return control.query(VERSION, row -> row.getLong("version")).getFirst();
    }

    private static final String BEGIN = """
            UPDATE /* move.begin */ virtual_shard SET moving_to = ? WHERE id = ? AND database = ?
            """;

    void begin(Standing at, String to) throws SQLException {
        expectOne(control.update(BEGIN, to, at.virtualShard(), at.database()));
    }

    private static final String FENCE = """
            WITH /* move.fence */ map AS (UPDATE shard_map SET version = version + 1)
            UPDATE virtual_shard SET fenced = true WHERE id = ? AND database = ? AND moving_to = ?
            """;

    void fenced(Standing at, String to) throws SQLException {
        expectOne(control.update(FENCE, at.virtualShard(), at.database(), to));
    }

    private static final String FLIP = """
            WITH /* move.flip */ map AS (UPDATE shard_map SET version = version + 1)
            UPDATE virtual_shard
               SET database = moving_to, moved_from = database, moving_to = NULL, fenced = false
             WHERE id = ? AND database = ? AND moving_to = ? AND fenced
            """;

    void flip(Standing at, String to) throws SQLException {
        expectOne(control.update(FLIP, at.virtualShard(), at.database(), to));
    }

    private static final String CLEARED = """
            UPDATE /* move.cleared */ virtual_shard SET moved_from = NULL WHERE id = ?
            """;

    void cleared(Standing at) throws SQLException {
        control.update(CLEARED, at.virtualShard());
    }

    private static final String UNDONE = """
            WITH /* move.undone */ map AS (UPDATE shard_map SET version = version + 1)
            UPDATE virtual_shard SET moving_to = NULL, fenced = false WHERE id = ? AND database = ?
            """;

    void undone(Standing at) throws SQLException {
        expectOne(control.update(UNDONE, at.virtualShard(), at.database()));
    }

    private static void expectOne(int changed) {
        if (changed != 1) {
            throw new MoveFailure("somebody else changed the map meanwhile: run the command once more");
        }
    }
}
