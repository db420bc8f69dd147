package dev.hearth.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.ingest.IngestConfig;
import dev.hearth.testing.Answers;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GatewayConfigTest {
    @Test
    @Answers("ingress-nginx#2917")
    void isClosedAndLocalByDefault() {
        var config = config(Map.of()).getConfigMapping(GatewayConfig.class);
        assertThat(config.host()).isEqualTo("127.0.0.1");
        assertThat(config.port()).isEqualTo(8080);
        assertThat(config.region()).isEqualTo("local");
        assertThat(config.zone()).isEmpty();
        assertThat(config.publicUrl()).isEmpty();
        assertThat(config.signingKeyFile()).isEmpty();
        assertThat(config.hosts()).containsExactly("localhost", "127.0.0.1", "[::1]");
        assertThat(config.origins()).isEmpty();
        assertThat(config.keyInQuery()).isTrue();
        assertThat(config.drain()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.ping()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config(Map.of()).getConfigMapping(IngestConfig.class).listen())
                .isEqualTo("127.0.0.1:8081");
        assertThat(config(Map.of()).getConfigMapping(IngestConfig.class).writers())
                .isEqualTo(2);
        assertThat(config(Map.of()).getConfigMapping(IngestConfig.class).batch())
                .isEqualTo(500);
        assertThat(config(Map.of()).getConfigMapping(IngestConfig.class).room()).isEqualTo(1_000_000);
        assertThat(config(Map.of()).getConfigMapping(ManagementConfig.class).host())
                .isEqualTo("127.0.0.1");
        assertThat(config(Map.of()).getConfigMapping(ManagementConfig.class).port())
                .isEqualTo(9000);
        assertThat(config(Map.of()).getConfigMapping(RolesConfig.class).roles())
                .isEqualTo(Set.of(RolesConfig.Role.OPERATOR, RolesConfig.Role.GATEWAY));
        assertThat(config.waiting().most()).isEqualTo(1000);
        assertThat(config.waiting().mostOfProject()).isEqualTo(250);
    }

    /** A property that is not mapped fails here: the builder refuses what it does not know. */
    @Test
    void readsEveryProperty() {
        var all = config(Map.ofEntries(
                Map.entry("hearth.roles", "gateway"),
                Map.entry("hearth.gateway.host", "0.0.0.0"),
                Map.entry("hearth.gateway.port", "81"),
                Map.entry("hearth.gateway.region", "eu"),
                Map.entry("hearth.gateway.zone", "a"),
                Map.entry("hearth.gateway.public-url", "https://h"),
                Map.entry("hearth.gateway.signing-key-file", "/a,/b"),
                Map.entry("hearth.gateway.hosts", "h"),
                Map.entry("hearth.gateway.origins", "https://o"),
                Map.entry("hearth.gateway.key-in-query", "false"),
                Map.entry("hearth.gateway.drain", "1"),
                Map.entry("hearth.gateway.ping", "2s"),
                Map.entry("hearth.gateway.waiting.most", "7"),
                Map.entry("hearth.gateway.waiting.most-of-project", "3"),
                Map.entry("hearth.management.host", "::"),
                Map.entry("hearth.management.port", "82"),
                Map.entry("hearth.ingest.listen", "x:1"),
                Map.entry("hearth.ingest.writers", "3"),
                Map.entry("hearth.ingest.batch", "4"),
                Map.entry("hearth.ingest.room", "5")));
        var config = all.getConfigMapping(GatewayConfig.class);
        assertThat(config.host()).isEqualTo("0.0.0.0");
        assertThat(config.port()).isEqualTo(81);
        assertThat(config.region()).isEqualTo("eu");
        assertThat(config.zone()).contains("a");
        assertThat(config.publicUrl()).contains("https://h");
        assertThat(config.signingKeyFile()).isEqualTo(Optional.of(List.of(Path.of("/a"), Path.of("/b"))));
        assertThat(config.hosts()).containsExactly("h");
        assertThat(config.origins()).contains(List.of("https://o"));
        assertThat(config.keyInQuery()).isFalse();
        assertThat(config.drain()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.ping()).isEqualTo(Duration.ofSeconds(2));
        assertThat(all.getConfigMapping(ManagementConfig.class).host()).isEqualTo("::");
        assertThat(all.getConfigMapping(ManagementConfig.class).port()).isEqualTo(82);
        assertThat(all.getConfigMapping(IngestConfig.class).listen()).isEqualTo("x:1");
        assertThat(all.getConfigMapping(IngestConfig.class).writers()).isEqualTo(3);
        assertThat(all.getConfigMapping(IngestConfig.class).batch()).isEqualTo(4);
        assertThat(all.getConfigMapping(IngestConfig.class).room()).isEqualTo(5);
        assertThat(config.waiting().most()).isEqualTo(7);
        assertThat(config.waiting().mostOfProject()).isEqualTo(3);
        assertThat(all.getConfigMapping(RolesConfig.class).gateway()).isTrue();
        assertThat(all.getConfigMapping(RolesConfig.class).operator()).isFalse();
    }

    @Test
    void aRoleThatThereIsNotIsRefusedWithThoseThatThereAre() {
        assertThatThrownBy(() -> config(Map.of("hearth.roles", "gateway,operatr")))
                .hasMessageContaining("hearth.roles")
                .hasMessageContaining("operatr")
                .hasMessageContaining("operator")
                .hasMessageContaining("gateway");
    }

    private static SmallRyeConfig config(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withMapping(GatewayConfig.class)
                .withMapping(IngestConfig.class)
                .withMapping(ManagementConfig.class)
                .withMapping(RolesConfig.class)
                .withConverter(Duration.class, 200, new io.quarkus.runtime.configuration.DurationConverter())
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .build();
    }
}
