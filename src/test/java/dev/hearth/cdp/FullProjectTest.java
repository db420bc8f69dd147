package dev.hearth.cdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.gateway.GatewayKeys;
import dev.hearth.gateway.LiveConnections;
import dev.hearth.testing.Answers;
import dev.hearth.testing.FakeAgent;
import dev.hearth.testing.FakeStore;
import dev.hearth.testing.GatewayProfile;
import dev.hearth.testing.RawClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A project at its limit, a pool without a browser, a browser that is gone: sessions that there are stay within reach. */
@QuarkusTest
@TestProfile(GatewayProfile.class)
@SuppressWarnings("NullAway.Init") // fields are set by the framework and before each test
class FullProjectTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Inject
    FakeStore store;

    @Inject
    GatewayKeys keys;

    @Inject
    LiveConnections connections;

    @TestHTTPResource("/")
    URI base;

    private FakeAgent agent;
    private UUID session;

    @BeforeEach
    void oneSessionOfAProjectThatMayHaveNoMore() throws Exception {
        agent = new FakeAgent(keys.publicKeys());
        store.ofTeamA();
        store.address = agent.address();
        assertThat(post("", "{\"keepAlive\":true}").statusCode()).isEqualTo(201);
        session = store.sessions.keySet().iterator().next();
        store.warm = 0;
        store.refusal = new ClaimOutcome.OverQuota(ClaimOutcome.Scope.PROJECT, 1, 1);
        assertThat(post("", "{}").statusCode()).isEqualTo(429);
    }

    @AfterEach
    void nothingStaysOpen() throws Exception {
        agent.close();
        await().untilAsserted(() -> assertThat(connections.open()).isZero());
    }

    @Test
    @Answers("browserless#5431")
    void aClientComesBackToItsSessionAllTheSame() throws Exception {
        for (var visit = 0; visit < 2; visit++) {
            try (var client =
                    RawClient.open(base.getPort(), "/sessions/" + session + "?token=" + keys.token(session))) {
                assertThat(client.status()).isEqualTo(101);
                client.sendText("hello");
                assertThat(client.message().text()).isEqualTo("hello");
            }
        }
    }

    @Test
    @Answers("mcp-server-browserbase#40")
    void sessionsAreListedShownAndReleasedAllTheSame() throws Exception {
        assertThat(get("").statusCode()).isEqualTo(200);
        assertThat(get("/" + session).statusCode()).isEqualTo(200);
        var released = post("/" + session, "{\"status\":\"REQUEST_RELEASE\"}");
        assertThat(released.statusCode()).isEqualTo(200);
        assertThat(released.body()).contains("\"COMPLETED\"");
    }

    @Test
    @Answers("browserless#2702")
    void sessionsAreListedThoughABrowserAnswersNobody() throws Exception {
        agent.vanish();

        assertThat(get("?status=RUNNING").body()).contains(session.toString());
        assertThat(get("/" + session).statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HTTP.send(request(path).GET().build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return HTTP.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve("/v1/sessions" + path)).header("X-BB-API-Key", "key-a");
    }
}
