package dev.hearth.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.Connections;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.claim.StoreException;
import dev.hearth.gateway.GatewayKeys;
import dev.hearth.gateway.LiveConnections;
import dev.hearth.testing.Answers;
import dev.hearth.testing.FakeAgent;
import dev.hearth.testing.FakeStore;
import dev.hearth.testing.GatewayProfile;
import dev.hearth.testing.RawClient;
import dev.hearth.testing.WebSocketBytes;
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
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(GatewayProfile.class)
@SuppressWarnings("NullAway.Init") // fields are set by the framework and before each test
class CloudflareFaceTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BINDING = "/cloudflare/v1";
    private static final String REST = "/cloudflare/client/v4/accounts/acme/browser-rendering";

    @Inject
    FakeStore store;

    @Inject
    GatewayKeys keys;

    @Inject
    LiveConnections connections;

    @TestHTTPResource("/")
    URI base;

    private FakeAgent agent;

    @BeforeEach
    void oneWarmBrowser() throws Exception {
        agent = new FakeAgent(keys.publicKeys());
        store.ofTeamA();
        store.address = agent.address();
        store.key("key-b", "team-b");
    }

    @AfterEach
    void nothingStaysOpen() throws Exception {
        agent.close();
        await().untilAsserted(() -> assertThat(connections.open()).isZero());
    }

    @Test
    void aSessionIsExclusiveAndOutlivesItsClientForAsLongAsItIsKeptAlive() throws Exception {
        var usual = state(acquired("")).terms();
        assertThat(usual.connections()).isEqualTo(Connections.EXCLUSIVE);
        assertThat(usual.keepAlive()).isTrue();
        assertThat(usual.idleTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(usual.timeout()).isEqualTo(Duration.ofHours(6));
        assertThat(state(acquired("?keep_alive=1200000")).terms().idleTimeout()).isEqualTo(Duration.ofMinutes(20));
        assertThat(state(acquired("?keep_alive=10000")).terms().idleTimeout()).isEqualTo(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            keep_alive=9999             | 422 | field-range
            keep_alive=1200001          | 422 | field-range
            keep_alive=-1               | 422 | field-range
            keep_alive=soon             | 400 | query-invalid
            keep_alive=20000&keep_alive=30000 | 400 | query-invalid
            browser=kitesurf            | 400 | query-invalid
            pool=No                     | 400 | name-format
            pool=none                   | 404 | pool-not-found
            region=mars                 | 422 | region-unknown
            """)
    void refusesWhatItCannotKeep(String query, int status, String code) throws Exception {
        var atRest = post(REST + "/devtools/browser?" + query, "");
        assertThat(atRest.statusCode()).isEqualTo(status);
        assertEnvelope(json(atRest), status, code);
        var atTheBinding = post(BINDING + "/devtools/browser?" + query, "");
        assertThat(atTheBinding.statusCode()).isEqualTo(status);
        assertThat(atTheBinding.body()).contains("[" + code + ", request ");
        assertThat(atTheBinding.headers().firstValue("Content-Type")).contains("text/plain; charset=UTF-8");
        assertThat(store.sessions).isEmpty();
    }

    @Test
    void refusesGuardrailsWhereverTheyStand() throws Exception {
        var body = "{\"guardrails\":{\"allowedDomains\":[\"example.com\"]}}";
        assertEnvelope(json(post(REST + "/devtools/browser", body)), 422, "allowed-domains-unsupported");
        assertThat(send(request(BINDING + "/devtools/browser")
                                .header("cf-brapi-guardrails", "e30")
                                .POST(BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(422);
        assertThat(post(REST + "/devtools/browser", "{\"guardrails\":null}").statusCode())
                .isEqualTo(200);
        assertEnvelope(json(post(REST + "/devtools/browser", "[]")), 400, "body-not-object");
    }

    @Test
    void guardrailsHoldInGuardedPoolsAndWhatCannotBeReadIsRefused() throws Exception {
        store.guardedPool("team-a", "safe", "us-east");
        var body = "{\"guardrails\":{\"allowedDomains\":[\"Example.com\",\"*.test\"]}}";
        var made = post(REST + "/devtools/browser", body);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
        assertThat(store.sessions.values()).allMatch(session -> session.pool().equals("safe"));
        assertThat(post(REST + "/devtools/browser?pool=eu", body).statusCode()).isEqualTo(422);
        for (var wrong : java.util.List.of(
                "7",
                "{\"allowedDomains\":\"a\"}",
                "{\"allowedDomains\":[\"http://a\"]}",
                "{\"allowedDomains\":[\"*a*\"]}",
                "{\"allowedDomains\":[7]}",
                "{\"allowedDomainSets\":[\"common-cdns\"]}",
                "{\"alowedDomains\":[\"a\"]}")) {
            assertEnvelope(
                    json(post(REST + "/devtools/browser", "{\"guardrails\":" + wrong + "}")), 422, "field-range");
        }
        assertThat(send(request(BINDING + "/devtools/browser")
                                .header("cf-brapi-guardrails", "%%%")
                                .POST(BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(422);
        assertThat(store.sessions).hasSize(1);
    }

    @Test
    void namesWhatItIgnores() throws Exception {
        var answer = post(BINDING + "/devtools/browser?recording=true&lab=true&location=Mars&persistent=true", "");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("hearth-ignored")).contains("lab, location, recording");
    }

    @Test
    void actsOnALocationAndSaysWhichRegionServed() throws Exception {
        var answer = post(BINDING + "/devtools/browser?location=DE", "");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("hearth-ignored")).isEmpty();
        assertThat(answer.headers().firstValue("hearth-served-by")).contains("eu-west; pool=eu; reason=nearest");
    }

    @Test
    void restTellsWhereToConnectAndWhichTargetsThereAre() throws Exception {
        var made = json(post(REST + "/devtools/browser?targets=true", "{}"));
        var socket = "ws://" + base.getAuthority() + REST + "/devtools/browser/"
                + made.path("sessionId").asText();
        assertThat(made.path("webSocketDebuggerUrl").asText()).isEqualTo(socket);
        assertThat(made.path("targets").path(0).path("webSocketDebuggerUrl").asText())
                .isEqualTo(socket + "/page/T1");
        assertThat(made.path("targets").path(0).has("devtoolsFrontendUrl")).isFalse();
        agent.close();
        assertThat(json(post(REST + "/devtools/browser?targets=true", "{}"))
                        .path("sessionId")
                        .asText())
                .as("a claim that was made is given")
                .isNotEmpty();
    }

    @Test
    @Answers("cloudflare-puppeteer#93")
    void aHeldSessionIsSeenToBeHeldAndASecondClientGets409BeforeThe101() throws Exception {
        var id = acquired("");
        assertThat(listed(id).path("connectionId").asText())
                .as("held by its maker")
                .isEqualTo(id);
        try (var client = open(BINDING + "/devtools/browser/" + id)) {
            assertThat(client.status()).isEqualTo(101);
            assertThat(listed(id).path("connectionId").asText()).isNotEmpty().isNotEqualTo(id);
            assertThat(listed(id).path("connectionStartTime").asLong()).isPositive();
            agent.refusal = "409 {\"heldSinceMillis\":3000}";
            try (var second = open(REST + "/devtools/browser/" + id)) {
                assertThat(second.status()).isEqualTo(409);
            }
            agent.refusal = "";
            client.send(WebSocketBytes.frame(true, 8, new byte[] {3, (byte) 0xE8}, true));
            assertThat(client.message().closeCode()).isEqualTo(1000);
        }
        await().untilAsserted(() -> assertThat(listed(id).has("connectionId")).isFalse());
        assertThat(state(id).isLive()).isTrue();
    }

    @Test
    @Answers("docker-selenium#1503")
    void browserCloseEndsTheSessionAndItsHistorySaysNormalClosure() throws Exception {
        var id = acquired("");
        try (var client = open(BINDING + "/devtools/browser/" + id)) {
            client.sendText("{\"id\":7,\"method\":\"Browser.close\"}");
            assertThat(client.message().text()).isEqualTo("{\"id\":7,\"result\":{}}");
        }
        assertThat(state(id).endReason()).isEqualTo(EndReason.BROWSER_CLOSED);
        var past = json(get(BINDING + "/history")).path("history").path(0);
        assertThat(past.path("closeReason").asInt()).isEqualTo(1);
        assertThat(past.path("closeReasonText").asText()).isEqualTo("NormalClosure");
        assertThat(past.path("endTime").asLong()).isPositive();
        assertThat(json(get(BINDING + "/sessions")).path("sessions")).isEmpty();
        var late = get(BINDING + "/devtools/browser/" + id + "/json/version");
        assertThat(late.statusCode()).isEqualTo(410);
        assertThat(late.body()).contains("NormalClosure");
    }

    @Test
    void launchingBySocketMakesASessionThatIsReleasedWhereItCannotBeJoined() throws Exception {
        try (var client = open(REST + "/devtools/browser?keep_alive=20000")) {
            assertThat(client.status()).isEqualTo(101);
        }
        assertThat(store.sessions.values())
                .singleElement()
                .satisfies(session -> assertThat(session.terms().idleTimeout()).isEqualTo(Duration.ofSeconds(20)));
        store.sessions.clear();
        agent.refusal = "503 {}";
        try (var client = open(REST + "/devtools/browser")) {
            assertThat(client.status()).isEqualTo(503);
        }
        await().untilAsserted(() -> assertThat(store.sessions.values())
                .singleElement()
                .satisfies(session -> assertThat(session.isLive()).isFalse()));
    }

    @Test
    void othersSessionsAndThoseOfOtherFacesAreNotSeen() throws Exception {
        var id = acquired("");
        var foreign = send(request(REST + "/devtools/browser/" + id + "/json/version", "key-b")
                .GET());
        assertThat(foreign.statusCode()).isEqualTo(404);
        assertThat(json(send(request(BINDING + "/sessions", "key-b").GET())).path("sessions"))
                .isEmpty();
        var natively = json(post("/v1/sessions", "{}")).path("id").asText();
        assertThat(json(get(BINDING + "/sessions")).path("sessions").findValuesAsText("sessionId"))
                .containsExactly(id);
        assertThat(get(REST + "/devtools/browser/" + natively + "/json/version").statusCode())
                .isEqualTo(404);
        assertThat(json(get(REST + "/devtools/session/" + natively)).isNull()).isTrue();
        assertThat(send(request(REST + "/devtools/browser/" + natively).DELETE())
                        .statusCode())
                .isEqualTo(404);
        assertThat(state(natively).isLive()).isTrue();
    }

    @Test
    void restListsShowsAndCloses() throws Exception {
        var first = acquired("");
        var second = acquired("");
        assertThat(json(get(REST + "/devtools/session"))).hasSize(2);
        assertThat(json(get(REST + "/devtools/session?limit=1&offset=1"))).hasSize(1);
        assertEnvelope(json(get(REST + "/devtools/session?limit=0")), 400, "query-invalid");
        assertThat(json(get(REST + "/devtools/session/" + first))
                        .path("sessionId")
                        .asText())
                .isEqualTo(first);
        assertThat(json(get(REST + "/devtools/session/" + UUID.randomUUID())).isNull())
                .isTrue();
        for (var again = 0; again < 2; again++) {
            var closed = send(request(REST + "/devtools/browser/" + second).DELETE());
            assertThat(json(closed).path("status").asText()).isEqualTo("closed");
        }
        assertThat(json(get(REST + "/devtools/session/" + second))
                        .path("closeReasonText")
                        .asText())
                .isEqualTo("NormalClosure");
    }

    @Test
    void targetsAreTheBrowsers() throws Exception {
        var at = REST + "/devtools/browser/" + acquired("") + "/json/";
        var socket = "ws://" + base.getAuthority() + at.replace("/json/", "");
        assertThat(json(get(at + "version")).path("webSocketDebuggerUrl").asText())
                .isEqualTo(socket);
        assertThat(json(get(at + "list/T1")).path("webSocketDebuggerUrl").asText())
                .isEqualTo(socket + "/page/T1");
        assertEnvelope(json(get(at + "list/T2")), 404, "not-found");
        var made = send(request(at + "new?url=http%3A%2F%2Fx.test%2F%3Fa%3D1").PUT(BodyPublishers.noBody()));
        assertThat(json(made).path("id").asText()).isEqualTo("T9");
        assertThat(json(get(at + "activate/T1")).path("message").asText()).isEqualTo("Target activated");
        assertThat(json(get(at + "close/T1")).path("message").asText()).isEqualTo("Target is closing");
        assertEnvelope(json(get(at + "close/T2")), 404, "not-found");
        assertThat(agent.events)
                .contains(
                        "VIEWER /json/version",
                        "CLIENT /json/new?http%3A%2F%2Fx.test%2F%3Fa%3D1",
                        "CLIENT /json/activate/T1",
                        "CLIENT /json/close/T1");
        try (var page = open(REST + "/devtools/browser/" + at.split("/")[9] + "/page/T1")) {
            assertThat(page.status()).isEqualTo(101);
        }
        assertThat(agent.events).contains("VIEWER /devtools/page/T1");
    }

    @Test
    void limitsAreTheProjectsQuota() throws Exception {
        var free = json(get(BINDING + "/limits"));
        assertThat(free.path("maxConcurrentSessions").asInt()).isEqualTo(3);
        assertThat(free.path("allowedBrowserAcquisitions").asInt()).isEqualTo(1);
        acquired("");
        post("/v1/sessions", "{}");
        var third = acquired("");
        var full = json(get(BINDING + "/limits"));
        assertThat(full.path("activeSessions")).hasSize(3);
        assertThat(full.path("activeSessions").findValuesAsText("id")).contains(third);
        assertThat(full.path("allowedBrowserAcquisitions").asInt()).isZero();
        assertThat(full.path("timeUntilNextAllowedBrowserAcquisition").asLong()).isPositive();
    }

    @Test
    void refusalsOfTheClaimKeepTheirRetryAfter() throws Exception {
        store.refusal = new ClaimOutcome.OverQuota(ClaimOutcome.Scope.PROJECT, 3, 3);
        var full = post(REST + "/devtools/browser", "{}");
        assertThat(full.statusCode()).isEqualTo(429);
        assertThat(full.headers().firstValueAsLong("Retry-After")).isPresent();
        assertEnvelope(json(full), 429, "quota-concurrent");
        assertThat(json(full).path("errors").path(0).path("message").asText())
                .contains("3 of 3 live sessions of the project");
        store.refusal = null;
        store.warm = 0;
        var empty = post(BINDING + "/devtools/browser", "");
        assertThat(empty.statusCode()).isEqualTo(503);
        assertThat(empty.headers().firstValueAsLong("Retry-After")).isPresent();
        assertThat(empty.body()).startsWith("No warm browser is left");
        store.broken = StoreException.Kind.UNAVAILABLE;
        assertEnvelope(json(post(REST + "/devtools/browser", "{}")), 503, "store-unavailable");
    }

    @Test
    void aKeyIsNeededAndOnlyAHeaderCarriesIt() throws Exception {
        var without = send(HttpRequest.newBuilder(base.resolve(REST + "/devtools/session?apiKey=key-a"))
                .GET());
        assertThat(without.statusCode()).isEqualTo(401);
        assertEnvelope(json(without), 401, "auth-missing");
        assertThat(send(request(BINDING + "/sessions", "wrong").GET()).statusCode())
                .isEqualTo(401);
    }

    @Test
    void theBindingsHostIsThisFaceAndNothingElse() throws Exception {
        assertThat(statusAtFakeHost("/v1/sessions")).isEqualTo(200);
        for (var path : new String[] {"/v1/projects", "/json/version", "/"}) {
            assertThat(statusAtFakeHost(path)).as(path).isEqualTo(404);
        }
        assertThat(get("/cloudflare/v1/nothing").statusCode()).isEqualTo(404);
        var chunked = get(BINDING + "/connectDevtools?browser_session=x");
        assertThat(chunked.statusCode()).isEqualTo(426);
        assertThat(chunked.body()).contains("/v1/devtools/browser");
    }

    private int statusAtFakeHost(String path) throws Exception {
        try (var client = new RawClient(base.getPort())) {
            client.send("GET " + path + " HTTP/1.1\r\nHost: fake.host\r\nAuthorization: Bearer key-a\r\n\r\n");
            client.readHead();
            return client.status();
        }
    }

    private String acquired(String query) throws Exception {
        var answer = post(BINDING + "/devtools/browser" + query, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer).path("sessionId").asText();
    }

    private JsonNode listed(String id) throws Exception {
        for (var session : json(get(BINDING + "/sessions")).path("sessions")) {
            if (session.path("sessionId").asText().equals(id)) {
                return session;
            }
        }
        throw new AssertionError(id + " is not listed");
    }

    private Session state(String id) {
        return Objects.requireNonNull(store.sessions.get(UUID.fromString(id)));
    }

    private RawClient open(String path) throws Exception {
        return RawClient.open(base.getPort(), path, "Authorization: Bearer key-a");
    }

    private static void assertEnvelope(JsonNode answer, int status, String code) {
        assertThat(answer.path("success").asBoolean(true)).isFalse();
        assertThat(answer.path("result").isNull()).isTrue();
        var error = answer.path("errors").path(0);
        assertThat(error.path("code").asInt()).isEqualTo(status);
        assertThat(error.path("message").asText()).isNotEmpty();
        assertThat(error.path("hearth").path("code").asText()).isEqualTo(code);
    }

    /** @param body empty: none, as fetch sends it */
    private HttpResponse<String> post(String path, String body) throws Exception {
        return body.isEmpty()
                ? send(request(path).POST(BodyPublishers.noBody()))
                : send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(request(path).GET());
    }

    private HttpRequest.Builder request(String path) {
        return request(path, "key-a");
    }

    private HttpRequest.Builder request(String path, String key) {
        return HttpRequest.newBuilder(base.resolve(path)).header("Authorization", "Bearer " + key);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        return JSON.readTree(response.body());
    }
}
