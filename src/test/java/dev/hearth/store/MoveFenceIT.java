package dev.hearth.store;

import static dev.hearth.store.TwoShards.US;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.ClaimOutcome.Granted;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The fence needs locks that writers and Postgres' own upkeep have. */
class MoveFenceIT extends OnMovingRegion {
    /** A write that has one table and wants the next would wait for the fence, and the fence for it. */
    @ParameterizedTest
    @FieldSource("dev.hearth.store.OnMovingRegion#FENCED")
    void holdsNoTableWhileItWaitsForOne(String table) throws Exception {
        world.warm(US, 1);
        try (var mover = Executors.newVirtualThreadPerTaskExecutor();
                var writer = FAR.connect();
                var statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("LOCK TABLE hearth.%s IN ROW EXCLUSIVE MODE".formatted(table));
            var moved = mover.submit(() -> {
                move();
                return null;
            });
            world.far.awaitLockWait("move.raise-fence");

            for (var next : FENCED) {
                statement.execute("LOCK TABLE hearth.%s IN ROW EXCLUSIVE MODE NOWAIT".formatted(next));
            }

            writer.commit();
            moved.get();
        }
    }

    @Test
    void thatCannotBeFinishedIsTakenDown() throws Exception {
        world.warm(US, 2);
        var live = world.claimed(null, US);
        // On the third table; a trigger of this kind cannot be replaced.
        world.far.execute("CREATE CONSTRAINT TRIGGER fence_%d_in AFTER INSERT ON hearth.session FOR EACH ROW"
                .formatted(virtualShard())
                .concat(" EXECUTE FUNCTION hearth.refuse_departed()"));

        assertThatThrownBy(this::move).isInstanceOf(MoveFailure.class).hasMessageContaining("constraint trigger");

        assertThat(world.far.strings("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'fence%'"))
                .isEmpty();
        assertThat(world.far.strings("SELECT region FROM hearth.departed")).isEmpty();
        assertThat(world.claim(null, US)).isInstanceOf(Granted.class);
        move();
        assertThat(world.stores.sessions().find("shop", live.id())).contains(live);
    }

    /** This one would take minutes. */
    @Test
    void anAutovacuumGivesWay() throws Exception {
        world.fill(US, 4_000);
        world.far.execute(
                "ALTER SYSTEM SET autovacuum_naptime = '1s'",
                "SELECT pg_reload_conf()",
                "ALTER TABLE hearth.browser SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1,"
                        + " autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)",
                "UPDATE hearth.browser SET changed_at = changed_at");
        try {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> !world.far
                            .strings("SELECT 1 FROM pg_stat_progress_vacuum WHERE relid = 'hearth.browser'::regclass")
                            .isEmpty());

            move();
        } finally {
            world.far.execute(
                    "ALTER SYSTEM RESET autovacuum_naptime",
                    "SELECT pg_reload_conf()",
                    // as the schema has it
                    "ALTER TABLE hearth.browser SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0)",
                    "ALTER TABLE hearth.browser RESET (autovacuum_vacuum_threshold, autovacuum_vacuum_cost_limit)");
        }

        assertThat(world.stores.supply().browsers(world.pool(US))).hasSize(4_000);
    }
}
