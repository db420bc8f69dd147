package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoreConfigTest {
    @Test
    void withoutShardsTheControlDatabaseIsTheOne() {
        var settings = settings(Map.of());
        assertThat(settings.shards()).containsOnlyKeys("main");
        assertThat(settings.shards().get("main")).isEqualTo(settings.control());
        assertThat(settings.shardOfNewRegion("eu-west")).isEqualTo("main");
    }

    /** As the operations manual says to, in the variables of a pod. */
    @Test
    void aSecondShardForNewRegionsIsNamedByVariables() {
        var settings = settings(Map.of(
                "HEARTH_STORE_SHARDS_MAIN_URL", "jdbc:postgresql://one/hearth",
                "HEARTH_STORE_SHARDS_MAIN_USER", "u",
                "HEARTH_STORE_SHARDS_MAIN_PASSWORD", "p",
                "HEARTH_STORE_SHARDS_FAR_URL", "jdbc:postgresql://two/hearth",
                "HEARTH_STORE_SHARDS_FAR_USER", "u",
                "HEARTH_STORE_SHARDS_FAR_PASSWORD", "p",
                "HEARTH_STORE_DEFAULT_SHARD", "far"));
        assertThat(settings.shards()).containsOnlyKeys("main", "far");
        assertThat(settings.shardOfNewRegion("us-east")).isEqualTo("far");
    }

    @Test
    void aDefaultThatIsNoShardIsRefused() {
        assertThatThrownBy(() -> settings(Map.of(
                        "HEARTH_STORE_DEFAULT_SHARD",
                        "far",
                        "HEARTH_STORE_SHARDS_MAIN_URL",
                        "jdbc:postgresql://one/hearth",
                        "HEARTH_STORE_SHARDS_MAIN_USER",
                        "u",
                        "HEARTH_STORE_SHARDS_MAIN_PASSWORD",
                        "p")))
                .hasMessageContaining("hearth.store.default-shard is 'far', which is no configured shard");
    }

    private static StoreSettings settings(Map<String, String> variables) {
        var all = new HashMap<>(Map.of(
                "HEARTH_STORE_CONTROL_URL", "jdbc:postgresql://one/hearth",
                "HEARTH_STORE_CONTROL_USER", "u",
                "HEARTH_STORE_CONTROL_PASSWORD", "p"));
        all.putAll(variables);
        return new SmallRyeConfigBuilder()
                .withMapping(StoreConfig.class)
                .withConverter(Duration.class, 200, new io.quarkus.runtime.configuration.DurationConverter())
                .withSources(new EnvConfigSource(all, 300))
                .build()
                .getConfigMapping(StoreConfig.class)
                .settings();
    }
}
