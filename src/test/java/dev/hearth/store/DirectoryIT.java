package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.Directory;
import dev.hearth.claim.Directory.Key;
import dev.hearth.claim.Directory.Pool;
import dev.hearth.claim.Directory.Project;
import dev.hearth.testing.postgres.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DirectoryIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private StoreWorld world;
    private Directory directory;

    @BeforeEach
    void open() {
        world = StoreWorld.on(DATABASE);
        directory = world.stores.directory();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static Key key(int filler) {
        var hash = new byte[32];
        java.util.Arrays.fill(hash, (byte) filler);
        return new Key(hash, "hk_" + filler);
    }

    @Test
    void authenticatesByTheWholeSetOfKeys() {
        var ann = new Project("ann", 5, Duration.ofMinutes(10));
        directory.putProject(ann);
        directory.replaceKeys("ann", List.of(key(1), key(2)));
        assertThat(directory.authenticate(key(1).hash())).contains(ann);

        directory.replaceKeys("ann", List.of(key(2), key(3)));
        assertThat(directory.authenticate(key(1).hash())).isEmpty();
        assertThat(directory.authenticate(key(2).hash())).contains(ann);
        assertThat(directory.authenticate(key(3).hash())).contains(ann);
        assertThat(directory.authenticate(key(9).hash())).isEmpty();
    }

    @Test
    void aKeyCannotBeTakenFromAnotherProject() {
        directory.putProject(new Project("bob", null, null));
        directory.putProject(new Project("eve", null, null));
        directory.replaceKeys("bob", List.of(key(20)));
        directory.replaceKeys("eve", List.of(key(20)));

        assertThat(directory.authenticate(key(20).hash())).map(Project::name).contains("bob");
    }

    @Test
    void keepsPoolsAsTheyAre() {
        var pool = new Pool(
                UUID.randomUUID(),
                "ann",
                "web",
                "eu-west",
                List.of("bob"),
                List.of("us-east"),
                StoreWorld.TERMS,
                true,
                7,
                true,
                new Directory.Share(5, true));
        directory.putPool(pool);
        assertThat(directory.pools()).contains(pool);

        var changed =
                new Pool(pool.id(), "ann", "web", "eu-west", List.of("*"), List.of(), StoreWorld.TERMS, false, null);
        directory.putPool(changed);
        assertThat(directory.pools()).contains(changed).doesNotContain(pool);

        directory.removePool(pool.id());
        assertThat(directory.pools()).doesNotContain(changed);
    }

    @Test
    void aRegionKeepsItsVirtualShard() {
        var first = world.stores.virtualShard("eu-west");
        assertThat(world.stores.virtualShard("us-east")).isNotEqualTo(first);
        try (var other = Stores.open(StoreSettings.single(StoreWorld.settings(DATABASE)))) {
            assertThat(other.virtualShard("eu-west")).isEqualTo(first);
        }
    }
}
