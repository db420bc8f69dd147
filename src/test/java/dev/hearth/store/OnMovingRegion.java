package dev.hearth.store;

import static dev.hearth.store.TwoShards.US;

import dev.hearth.testing.postgres.DatabaseAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;

/** A region goes from the far shard to the near one. */
abstract class OnMovingRegion extends OnTwoShards {
    static final String MAIN = "main";

    /** The tables that the fence is round. */
    static final List<String> FENCED = List.of("liveness", "browser", "session", "session_connection", "idempotency");

    final List<String> lines = new ArrayList<>();

    /** The next test's region is where it was. */
    @AfterEach
    final void home() {
        world.near.execute(
                "UPDATE hearth_control.virtual_shard SET moving_to = NULL, moved_from = NULL, fenced = false,"
                        + " database = CASE id WHEN " + virtualShard() + " THEN 'far' ELSE 'main' END",
                "UPDATE hearth_control.shard_map SET version = version + 1");
        for (var shard : List.of(world.near, world.far)) {
            shard.execute("TRUNCATE hearth.departed");
            unfence(shard);
        }
    }

    final void move() throws InterruptedException {
        move(_ -> {});
    }

    /** @param also hears of each step */
    final void move(Consumer<String> also) throws InterruptedException {
        RegionMove.run(world.settings(world.far.url()), US, MAIN, false, line -> {
            lines.add(line);
            also.accept(line);
        });
    }

    final void unfence(DatabaseAddress shard) {
        FENCED.forEach(
                table -> shard.execute("SELECT hearth.unfence_table('%s', %d)".formatted(table, virtualShard())));
    }

    final int virtualShard() {
        return world.stores.virtualShard(US);
    }
}
