package dev.hearth.gateway;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Set;

/** Which parts this process plays. */
@ConfigMapping(prefix = "hearth")
public interface RolesConfig {
    @WithDefault("operator,gateway")
    Set<String> roles();

    default boolean gateway() {
        return roles().contains("gateway");
    }
}
