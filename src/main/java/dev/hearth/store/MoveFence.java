package dev.hearth.store;

import dev.hearth.store.Sql.Statements;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** The triggers that keep everybody but the mover from a region's rows in one shard, and who is to know of the move. */
final class MoveFence {
    /** Beats first: from then on silence means nothing, and sweeps know it. */
    private static final List<String> TABLES =
            List.of("liveness", "browser", "session", "session_connection", "idempotency");

    /**
     * Claims of all regions queue behind the lock that a table's triggers need: after so long it lets them go first, for as
     * long again. At its longest it is longer than Postgres' deadlock_timeout, for only then an autovacuum gives way.
     */
    private static final Duration SHORTEST = Duration.ofMillis(50);

    private static final Duration LONGEST = Duration.ofMillis(1_600);
    private static final int ATTEMPTS = 15;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(300);
    private static final Duration UNTIL_ALL_KNOW = Duration.ofSeconds(60);

    private final Statements shard;
    private final String region;
    private final int virtualShard;

    MoveFence(Statements shard, String region, int virtualShard) {
        this.shard = shard;
        this.region = region;
        this.virtualShard = virtualShard;
    }

    private static final String RAISE = """
            SELECT /* move.raise-fence */ set_config('lock_timeout', ?, true), fence_table(?, ?, ?)
            """;

    private static final String DROP = """
            SELECT /* move.drop-fence */ set_config('lock_timeout', ?, true), unfence_table(?, ?)
            """;

    private static final String IS_UP = """
            SELECT /* move.fence-is-up */ EXISTS (SELECT FROM departed WHERE region = ?) AS up
            """;

    /**
     * One table after the other: a write of several is refused whole, so nothing of it is in those not fenced yet. Where it
     * cannot be finished, what this call began is taken down.
     */
    void raise() throws SQLException, InterruptedException {
        var wasUp = shard.query(IS_UP, row -> row.getBoolean("up"), region).getFirst();
        try {
            for (var table : TABLES) {
                locking(patience -> shard.query(RAISE, _ -> true, patience, table, region, virtualShard));
            }
        } catch (SQLException e) {
            if (!wasUp) {
                giveUp(e);
            }
            throw e;
        }
    }

    private void giveUp(SQLException why) throws InterruptedException {
        try {
            drop();
            stays();
        } catch (SQLException e) {
            why.addSuppressed(e);
        }
    }

    void drop() throws SQLException, InterruptedException {
        for (var table : TABLES) {
            locking(patience -> shard.query(DROP, _ -> true, patience, table, virtualShard));
        }
    }

    private static final String STAYS = """
            DELETE /* move.stays */ FROM departed WHERE region = ?
            """;

    void stays() throws SQLException {
        shard.update(STAYS, region);
    }

    private interface Locking {
        List<Boolean> run(String patience) throws SQLException;
    }

    private void locking(Locking work) throws SQLException, InterruptedException {
        var patience = SHORTEST;
        for (var attempt = 1; ; attempt++) {
            try {
                work.run(patience.toMillis() + "ms");
                return;
            } catch (SQLException e) {
                if (attempt == ATTEMPTS || !(SqlStates.isLockTimeout(e) || SqlStates.isRolledBack(e))) {
                    throw e;
                }
                Thread.sleep(patience);
                patience = patience.compareTo(LONGEST) < 0 ? patience.multipliedBy(2) : LONGEST;
            }
        }
    }

    private static final String BEHIND = """
            SELECT /* move.behind */ id
              FROM gateway
             WHERE seen_at >= hearth_now() - interval '3 s' AND map_version < ?
             ORDER BY id
            """;

    List<String> behind(long version) throws SQLException {
        return shard.query(BEHIND, row -> SessionRows.text(row, "id"), version);
    }

    void awaitAllKnow(long version) throws SQLException, InterruptedException {
        var until = System.nanoTime() + UNTIL_ALL_KNOW.toNanos();
        for (var behind = behind(version); !behind.isEmpty(); behind = behind(version)) {
            if (System.nanoTime() > until) {
                throw new MoveFailure(
                        "the region has arrived, but gateways %s have not heard of it for a minute: see why they"
                                        .formatted(behind)
                                + " do not reach the control database, or stop them, and run the command again");
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
    }
}
