package dev.hearth.store;

import static dev.hearth.store.TwoShards.EU;
import static dev.hearth.store.TwoShards.US;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.StoreException;
import dev.hearth.pool.SupplyStore.Slot;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Two operators, of which one has lost its lease, over two databases. */
class ShardLeaderIT extends OnTwoShards {
    @Test
    void anOlderLeaderIsRefusedInEachShard() {
        var near = world.warm(EU, 1).getFirst();
        var far = world.warm(US, 1).getFirst();
        try (var other = world.open()) {
            var epoch = other.supply().lead("other");
            assertThat(epoch).isGreaterThan(world.epoch);
            assertThat(world.warm(EU, 1)).isEmpty();
            assertThat(world.warm(US, 1)).isEmpty();
            assertThat(world.stores.supply().retire(near.id(), world.epoch)).isFalse();
            assertThat(world.stores.supply().retire(far.id(), world.epoch)).isFalse();
            assertThat(other.supply().retire(near.id(), epoch)).isTrue();
            assertThat(other.supply().retire(far.id(), epoch)).isTrue();
        }
    }

    /** The new leader comes while the shard is away to it; the old one still reaches it, until the new one does. */
    @Test
    void aShardThatWasAwayAtTheChangeIsFencedBeforeItsFirstAnswer() throws SQLException {
        world.warm(US, 1);
        try (var other = world.open();
                var old = Stores.connect(direct(), _ -> {})) {
            world.toFar.cut();
            var epoch = other.supply().lead("other");
            var slot = new Slot(world.pool(US), "shop", US, US, "r1");
            assertThat(old.supply().reserve(slot, 1, world.epoch))
                    .as("not fenced yet")
                    .hasSize(1);

            world.toFar.mend();
            await().ignoreExceptionsMatching(StoreException.class::isInstance)
                    .until(() -> other.supply().browsers(world.pool(US)).size() == 2);
            assertThat(old.supply().reserve(slot, 1, world.epoch)).isEmpty();
            assertThat(world.stores.supply().reserve(slot, 1, world.epoch)).isEmpty();
            assertThat(other.supply().reserve(slot, 1, epoch)).hasSize(1);
        }
    }

    /** Before there were several shards each counted its leaders by itself. */
    @Test
    void aNewLeaderIsNewerThanAllThatAShardHasSeen() throws SQLException {
        world.far.execute("UPDATE hearth.leader SET epoch = 1000");
        try (var other = world.open()) {
            var epoch = other.supply().lead("other");
            assertThat(epoch).isGreaterThan(1000);
            assertThat(other.supply().reserve(new Slot(world.pool(US), "shop", US, US, "r1"), 1, epoch))
                    .hasSize(1);
        }
    }

    /** Past the line that is cut. */
    private StoreSettings direct() {
        return world.settings(world.far.url());
    }
}
