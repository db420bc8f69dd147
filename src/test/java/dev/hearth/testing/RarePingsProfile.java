package dev.hearth.testing;

import java.util.HashMap;
import java.util.Map;

/** {@link GatewayProfile} for raw clients that answer no pings and take their time. */
public final class RarePingsProfile extends GatewayProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        var overrides = new HashMap<>(super.getConfigOverrides());
        overrides.put("hearth.gateway.ping", "30s");
        return overrides;
    }
}
