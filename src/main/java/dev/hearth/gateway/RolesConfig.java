package dev.hearth.gateway;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Set;

/** Which parts this process plays. A word that names none fails the start, so that no process quietly plays nothing. */
@ConfigMapping(prefix = "hearth")
public interface RolesConfig {
    @WithDefault("operator,gateway")
    Set<Role> roles();

    default boolean gateway() {
        return roles().contains(Role.GATEWAY);
    }

    default boolean operator() {
        return roles().contains(Role.OPERATOR);
    }

    /** In lower case, as it is written in the configuration. */
    enum Role {
        OPERATOR,
        GATEWAY
    }
}
