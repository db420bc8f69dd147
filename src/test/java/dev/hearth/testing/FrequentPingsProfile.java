package dev.hearth.testing;

import java.util.HashMap;
import java.util.Map;

/** {@link GatewayProfile} for tests of pings alone: who answers none is cut after a second. */
public final class FrequentPingsProfile extends GatewayProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        var overrides = new HashMap<>(super.getConfigOverrides());
        overrides.put("hearth.gateway.ping", "300ms");
        return overrides;
    }
}
