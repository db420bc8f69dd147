package dev.hearth.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.FakeConnectionLog;
import dev.hearth.testing.FakeStore;
import dev.hearth.testing.RawClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process without the gateway role: it needs no signing key and serves nothing to clients. */
@QuarkusTest
@TestProfile(OperatorOnlyTest.OperatorOnly.class)
class OperatorOnlyTest {
    @TestHTTPResource("/")
    @SuppressWarnings("NullAway.Init") // by the test framework
    URI base;

    @ParameterizedTest
    @ValueSource(strings = {"/v1/sessions", "/v1/projects", "/json/version", "/?apiKey=x", "/sessions/x"})
    void servesNothingToClients(String path) throws Exception {
        try (var client = RawClient.open(base.getPort(), path, "X-BB-API-Key: key")) {
            assertThat(client.status()).isEqualTo(404);
            assertThat(client.body()).contains("plays no gateway role");
        }
    }

    public static final class OperatorOnly implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "hearth.roles", "operator",
                    "quarkus.arc.exclude-types", "dev.hearth.app.*",
                    "hearth.management.host", "127.0.0.1",
                    "quarkus.http.test-port", "0",
                    "quarkus.management.test-port", "0");
        }

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(FakeStore.class, FakeConnectionLog.class);
        }
    }
}
