package dev.hearth.gateway;

import io.quarkus.arc.Unremovable;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The port of health, metrics and OpenAPI: never the clients'. Read by Quarkus through application.properties. */
@Unremovable // nobody injects it, and a key that is not mapped fails the start
@ConfigMapping(prefix = "hearth.management")
public interface ManagementConfig {
    @WithDefault("127.0.0.1")
    String host();

    @WithDefault("9000")
    int port();
}
