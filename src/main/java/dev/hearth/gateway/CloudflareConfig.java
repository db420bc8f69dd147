package dev.hearth.gateway;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;

/** Where Cloudflare's clients find their face. Here, as the check of Host headers must know of it before any face is asked. */
@ConfigMapping(prefix = "hearth.cloudflare")
public interface CloudflareConfig {
    /**
     * Host names, without port, that are Cloudflare's face and nothing else, from the root on: a Worker's binding sends
     * the name its SDK made up, and no path prefix.
     */
    @WithDefault("fake.host")
    List<String> hosts();
}
