package dev.hearth.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hearth.claim.WantedTerms;
import dev.hearth.gateway.Claims;
import dev.hearth.gateway.GatewayState;
import dev.hearth.testing.FakeStore;
import dev.hearth.testing.GatewayProfile;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(GatewayProfile.class)
@SuppressWarnings("NullAway.Init") // by the test framework
class ManagementTest {
    @Inject
    FakeStore store;

    @Inject
    Claims claims;

    @Inject
    GatewayState state;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Test
    void reportsHealthOnAPortOfItsOwn() throws Exception {
        assertThat(get("health/live").statusCode()).isEqualTo(200);
        var ready = get("health/ready");
        assertThat(ready.body()).contains("\"name\": \"gateway\"", "\"store\": true");
        assertThat(ready.statusCode()).isEqualTo(state.ready() ? 200 : 503);
    }

    @Test
    void countsClaimsByOutcomeAndRegionWithoutAnyId() throws Exception {
        var project = store.ofTeamA();
        claims.claim(new Claims.Wish(project, null, null, WantedTerms.NONE, "{}", null));
        var metrics = get("metrics").body();
        assertThat(metrics)
                .contains("hearth_claims_total{outcome=\"Granted\",region=\"eu-west\"}")
                .contains("hearth_claim_seconds")
                .contains("hearth_connections ")
                .contains("hearth_cdp_bytes_total{direction=\"to-client\"}")
                .contains("hearth_beats_total");
        assertThat(metrics)
                .doesNotContain(store.sessions.keySet().iterator().next().toString());
    }

    @Test
    void describesItselfAsOpenApi() throws Exception {
        var openapi = new ObjectMapper().readTree(get("openapi?format=json").body());
        assertThat(openapi.path("paths").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "/v1/sessions",
                        "/v1/sessions/{id}",
                        "/v1/sessions/{id}/debug",
                        "/v1/projects",
                        "/v1/projects/{id}",
                        "/v1/projects/{id}/usage");
        assertThat(openapi.at("/paths/~1v1~1sessions/post/requestBody/content/application~1json")
                        .isMissingNode())
                .isFalse();
    }

    private HttpResponse<String> get(String path) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(management.resolve("/q/" + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
