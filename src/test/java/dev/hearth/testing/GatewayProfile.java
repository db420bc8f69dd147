package dev.hearth.testing;

import dev.hearth.gateway.GatewayKeys;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;

/** The gateway alone, over {@link FakeStore}, on free ports, with a key made for this run. */
public class GatewayProfile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        try {
            var key = Files.createTempFile("gateway", ".key");
            key.toFile().deleteOnExit();
            GatewayKeys.generate(key);
            return Map.of(
                    "hearth.roles", "gateway",
                    // The composition would open the real stores: the fakes stand in for them here.
                    "quarkus.arc.exclude-types", "dev.hearth.app.*",
                    "hearth.gateway.region", "eu-west",
                    "hearth.gateway.signing-key-file", key.toString(),
                    // Raw clients answer none, and take their time on a busy machine.
                    "hearth.gateway.ping", "30s",
                    "quarkus.http.test-port", "0",
                    "quarkus.management.test-port", "0");
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(FakeStore.class, FakeConnectionLog.class);
    }
}
