package dev.hearth.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.StoreException;
import dev.hearth.testing.Answers;
import dev.hearth.testing.FakeStore;
import dev.hearth.testing.GatewayProfile;
import io.micrometer.core.instrument.MeterRegistry;
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
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(GatewayProfile.class)
class SessionApiTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    @SuppressWarnings("NullAway.Init") // by the test framework
    FakeStore store;

    @Inject
    @SuppressWarnings("NullAway.Init") // by the test framework
    MeterRegistry meters;

    @TestHTTPResource("/")
    @SuppressWarnings("NullAway.Init") // by the test framework
    URI base;

    @BeforeEach
    void onePoolInTwoRegions() {
        store.ofTeamA();
        store.key("key-b", "team-b");
        store.pool("team-a", "us", "us-east");
    }

    @Test
    @Answers({"selenium#18062", "stagehand#2552"})
    void claimsReadsListsAndReleases() throws Exception {
        var created = post("/v1/sessions", "{\"keepAlive\":true,\"timeout\":120,\"userMetadata\":{\"run\":\"7\"}}");
        assertThat(created.statusCode()).isEqualTo(201);
        var session = JSON.readTree(created.body());
        assertThat(session.path("status").asText()).isEqualTo("RUNNING");
        assertThat(session.path("region").asText()).isEqualTo("eu-west");
        assertThat(session.path("keepAlive").asBoolean()).isTrue();
        assertThat(session.path("projectId").asText()).isEqualTo("team-a");
        assertThat(session.path("userMetadata").path("run").asText()).isEqualTo("7");
        assertThat(session.path("seleniumRemoteUrl").asText("?")).isEmpty();
        assertThat(session.path("connectUrl").asText())
                .startsWith("ws://localhost:" + base.getPort() + "/sessions/"
                        + session.path("id").asText() + "?token=")
                .endsWith(session.path("signingKey").asText());
        var id = session.path("id").asText();
        assertThat(json(get("/v1/sessions/" + id)).path("connectUrl")).isEqualTo(session.path("connectUrl"));
        assertThat(json(get("/v1/sessions?status=RUNNING"))).hasSize(1);
        assertThat(json(get("/v1/sessions?status=RUNNING")).get(0).has("connectUrl"))
                .isFalse();

        var released = post("/v1/sessions/" + id, "{\"status\":\"REQUEST_RELEASE\",\"projectId\":\"team-a\"}");
        assertThat(json(released).path("status").asText()).isEqualTo("COMPLETED");
        assertThat(json(released).path("endReason").asText()).isEqualTo("Released");
        assertThat(post("/v1/sessions/" + id, "{\"status\":\"REQUEST_RELEASE\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(json(get("/v1/sessions?status=COMPLETED&limit=5"))).hasSize(1);
        assertThat(json(get("/v1/sessions?status=PENDING"))).isEmpty();
    }

    @Test
    void takesThePoolsTimeoutFromTheProjectUnlessAsked() throws Exception {
        var session = json(post("/v1/sessions", "{}"));
        assertThat(java.time.Instant.parse(session.path("expiresAt").asText()))
                .isEqualTo(java.time.Instant.parse(session.path("startedAt").asText())
                        .plusSeconds(600));
    }

    @Test
    void anotherProjectsSessionDoesNotExist() throws Exception {
        var id = json(post("/v1/sessions", "{}")).path("id").asText();
        var foreign = send(
                request("/v1/sessions/" + id).header("X-BB-API-Key", "key-b").GET());
        var unknown = send(request("/v1/sessions/" + UUID.randomUUID())
                .header("X-BB-API-Key", "key-b")
                .GET());
        assertThat(foreign.statusCode()).isEqualTo(404);
        assertThat(withoutId(foreign)).isEqualTo(withoutId(unknown));
        var release = send(request("/v1/sessions/" + id)
                .header("X-BB-API-Key", "key-b")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"status\":\"REQUEST_RELEASE\"}")));
        assertThat(release.statusCode()).isEqualTo(404);
        assertThat(store.sessions.values()).allMatch(dev.hearth.claim.Session::isLive);
    }

    @Test
    void aClaimThatFailedAmongOthersIsCountedOnceByItsCause() throws Exception {
        var broken = meters.counter("hearth.claims", "outcome", "BROKEN", "region", "eu-west");
        var before = broken.count();
        store.refusal = new ClaimOutcome.Failed(
                new StoreException(StoreException.Kind.BROKEN, "by the test", new IllegalStateException()));

        problem(post("/v1/sessions", "{}"), 500, "internal-error");

        assertThat(broken.count()).isEqualTo(before + 1);
        assertThat(meters.find("hearth.claims").tag("outcome", "Failed").counters())
                .isEmpty();
    }

    @Test
    void showsACallerItsOwnProjectOnly() throws Exception {
        var project = json(get("/v1/projects")).get(0);
        assertThat(project.path("id").asText()).isEqualTo("team-a");
        assertThat(project.path("defaultTimeout").asInt()).isEqualTo(600);
        assertThat(get("/v1/projects/team-a").statusCode()).isEqualTo(200);
        problem(get("/v1/projects/team-b"), 404, "project-not-found");
    }

    @Test
    void namesWhatItIgnores() throws Exception {
        var answer = post(
                "/v1/sessions",
                "{\"browserSettings\":{\"recordSession\":true,\"blockAds\":true},\"proxies\":false,\"extensionId\":\"x\"}");
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("hearth-ignored"))
                .contains("browserSettings.blockAds, browserSettings.recordSession, extensionId");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            []                                        | 400 | body-not-object
            null                                      | 400 | body-not-object
            "x"                                       | 400 | body-not-object
            42                                        | 400 | body-not-object
            {"pool":                                  | 400 | json-syntax
            {} {}                                     | 400 | json-syntax
            {"pool":"eu","pool":"us"}                 | 400 | json-duplicate-key
            {"regoin":"eu"}                           | 400 | field-unknown
            {"browserSettings":{"viewprot":1}}        | 400 | field-unknown
            {"args":["--no-sandbox"]}                 | 400 | field-unknown
            {"launch":{}}                             | 400 | field-unknown
            {"timeout":"60"}                          | 400 | field-type
            {"timeout":60.5}                          | 400 | field-type
            {"timeout":1e400}                         | 400 | field-type
            {"timeout":NaN}                           | 400 | json-syntax
            {"keepAlive":"yes"}                       | 400 | field-type
            {"userMetadata":[1]}                      | 400 | field-type
            {"browserSettings":7}                     | 400 | field-type
            {"timeout":0}                             | 422 | field-range
            {"timeout":-1}                            | 422 | field-range
            {"timeout":59}                            | 422 | field-range
            {"timeout":21601}                         | 422 | field-range
            {"timeout":9223372036854775808}           | 422 | field-range
            {"idleTimeout":999999}                    | 422 | field-range
            {"connections":"many"}                    | 422 | field-range
            {"pool":""}                               | 400 | name-format
            {"pool":"Über"}                           | 400 | name-format
            {"pool":"../x"}                           | 400 | name-format
            {"pool":"a b"}                            | 400 | name-format
            {"pool":"A"}                              | 400 | name-format
            {"pool":"nosuch"}                         | 404 | pool-not-found
            {"region":"mars"}                         | 422 | region-unknown
            {"pool":"eu","region":"us-east"}          | 422 | region-not-in-pool
            {"projectId":"team-b"}                    | 404 | project-not-found
            {"proxies":true}                          | 422 | proxies-unsupported
            {"proxies":[{"type":"browserbase"}]}      | 422 | proxies-unsupported
            {"proxies":[{"type":"none"}]}             | 422 | proxies-unsupported
            {"proxies":[{"type":"external","server":"http://p.test:3128"}]} | 422 | proxies-unsupported
            {"proxies":[{"type":"external"}]}         | 422 | field-range
            {"proxies":[{"type":"external","server":"https://p.test:3128"}]} | 422 | field-range
            {"proxies":[{"type":"external","server":"socks5://p.test:3128"}]} | 422 | field-range
            {"proxies":[{"type":"external","server":"file:///etc/passwd"}]} | 422 | field-range
            {"proxies":[{"type":"external","server":"http://u:p@p.test:3128"}]} | 422 | field-range
            {"proxies":[{"type":"external","server":"http://p.test"}]} | 422 | field-range
            {"proxies":[{"type":"external","server":"http://p.test:70000"}]} | 422 | field-range
            {"proxies":[{"type":"external","server":"http://p.test:1","username":"a:b"}]} | 422 | field-range
            {"proxies":[{"type":"external","server":"http://p.test:1","password":"x"}]} | 422 | field-range
            {"proxies":[{"type":"external","server":"http://p.test:1","pasword":"x"}]} | 400 | field-unknown
            {"proxies":[{"type":"none","domainPattern":"a/b"}]} | 422 | field-range
            {"proxies":[{"type":"other"}]}            | 422 | field-range
            {"proxies":[7]}                           | 400 | field-type
            {"proxies":"x"}                           | 400 | field-type
            {"browserSettings":{"allowedDomains":"a"}} | 400 | field-type
            {"browserSettings":{"allowedDomains":[7]}} | 400 | field-type
            {"browserSettings":{"allowedDomains":["http://a"]}} | 422 | field-range
            {"browserSettings":{"allowedDomains":["a:80"]}} | 422 | field-range
            {"browserSettings":{"allowedDomains":["*"]}} | 422 | field-range
            {"browserSettings":{"allowedDomains":["a"]}} | 422 | allowed-domains-unsupported
            {"userMetadata":{"a":"\\u0000"}}          | 400 | string-invalid
            {"userMetadata":{"a":"\\ud800"}}          | 400 | string-invalid
            {"userMetadata":{"a\\u202e":1}}           | 400 | string-invalid
            """)
    void refusesBadBodies(String body, int status, String code) throws Exception {
        problem(post("/v1/sessions", body), status, code);
        assertThat(store.sessions).isEmpty();
    }

    @Test
    void saysWhatWasMeantAndWhatIsKnown() throws Exception {
        assertThat(json(post("/v1/sessions", "{\"regoin\":\"eu\"}"))
                        .path("detail")
                        .asText())
                .contains("did you mean '/region'?");
        assertThat(json(post("/v1/sessions", "{\"regoin\":\"eu\"}"))
                        .path("field")
                        .asText())
                .isEqualTo("/regoin");
        assertThat(json(post("/v1/sessions", "{\"region\":\"mars\"}"))
                        .path("detail")
                        .asText())
                .contains("known: eu-west, us-east");
        assertThat(json(post("/v1/sessions", "{\"pool\":")).path("detail").asText())
                .contains("line 1");
    }

    @Test
    void refusesDeepJsonAndLargeMetadata() throws Exception {
        problem(
                post("/v1/sessions", "{\"userMetadata\":" + "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_001)),
                400,
                "json-depth");
        problem(
                post("/v1/sessions", "{\"userMetadata\":{\"a\":\"" + "x".repeat(5_000) + "\"}}"),
                422,
                "metadata-too-large");
        problem(post("/v1/sessions", "{\"pool\":\"" + "x".repeat(70_000) + "\"}"), 413, "body-too-large");
    }

    @Test
    void treatsAttacksInMetadataAsText() throws Exception {
        var attack = "'; DROP TABLE pods;-- $1 %s {{7*7}} ${jndi:ldap://x}";
        var session = json(post("/v1/sessions", "{\"userMetadata\":{\"a\":\"" + attack + "\"}}"));
        assertThat(session.path("userMetadata").path("a").asText()).isEqualTo(attack);
    }

    @Test
    void wantsAKeyItKnows() throws Exception {
        var missing = send(request("/v1/sessions").GET());
        problem(missing, 401, "auth-missing");
        assertThat(missing.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        problem(
                send(request("/v1/sessions")
                        .header("Authorization", "Basic eA==")
                        .GET()),
                401,
                "auth-scheme");
        problem(send(request("/v1/sessions").header("Authorization", "Bearer").GET()), 401, "auth-scheme");
        problem(
                send(request("/v1/sessions")
                        .header("Authorization", "Bearer nope")
                        .GET()),
                401,
                "auth-invalid");
        problem(
                send(request("/v1/sessions")
                        .header("X-BB-API-Key", "x".repeat(300))
                        .GET()),
                401,
                "auth-invalid");
        problem(
                send(request("/v1/sessions")
                        .header("X-BB-API-Key", "key-a")
                        .header("Authorization", "Bearer key-b")
                        .GET()),
                400,
                "credential-ambiguous");
        problem(send(request("/v1/sessions?apiKey=key-a").GET()), 401, "auth-missing");
        assertThat(send(request("/v1/sessions")
                                .header("Authorization", "Bearer key-a")
                                .GET())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void asksTheDirectoryOncePerKey() throws Exception {
        get("/v1/projects");
        var before = store.authentications;
        for (var i = 0; i < 20; i++) {
            assertThat(get("/v1/projects").statusCode()).isEqualTo(200);
        }
        assertThat(store.authentications - before).isLessThanOrEqualTo(1);
    }

    @Test
    void replaysAnIdempotentClaim() throws Exception {
        var first = idempotent("\"k1\"", "{\"timeout\":60,\"keepAlive\":true}");
        var again = idempotent("k1", "{ \"keepAlive\":true, \"timeout\":60 }");
        assertThat(json(again).path("id")).isEqualTo(json(first).path("id"));
        assertThat(json(again).path("connectUrl")).isEqualTo(json(first).path("connectUrl"));
        assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
        problem(idempotent("k1", "{\"timeout\":61}"), 422, "idempotency-key-reused");
        problem(idempotent("x".repeat(129), "{}"), 400, "idempotency-key-format");
        problem(idempotent("a b", "{}"), 400, "idempotency-key-format");
        assertThat(store.sessions).hasSize(1);
    }

    @Test
    @Answers({"sandbox-operator#33", "openclaw#40390"})
    void saysWhenToComeBack() throws Exception {
        store.warm = 0;
        var dry = post("/v1/sessions", "{}");
        problem(dry, 503, "pool-exhausted");
        assertThat(json(dry).path("starting").asInt()).isEqualTo(2);
        assertThat(retryAfter(dry)).isBetween(1L, 60L);

        store.refusal = new ClaimOutcome.OverQuota(ClaimOutcome.Scope.PROJECT, 3, 3);
        var over = post("/v1/sessions", "{}");
        problem(over, 429, "quota-concurrent");
        assertThat(json(over).path("detail").asText()).startsWith("3 of 3");
        assertThat(retryAfter(over)).isPositive();
        assertThat(over.headers().firstValue("x-should-retry")).contains("false");

        store.refusal = new ClaimOutcome.OverRate(25, Duration.ofMillis(2_300));
        var fast = post("/v1/sessions", "{}");
        problem(fast, 429, "rate-create");
        assertThat(fast.headers().firstValue("x-ratelimit-limit")).contains("25");
        assertThat(fast.headers().firstValue("x-ratelimit-remaining")).contains("0");
        assertThat(fast.headers().firstValue("x-ratelimit-reset")).contains("3");
        assertThat(fast.headers().firstValue("Retry-After")).contains("3");
        assertThat(get("/v1/sessions").statusCode())
                .as("only making is limited")
                .isEqualTo(200);
        store.refusal = new ClaimOutcome.KeyInProgress();
        problem(post("/v1/sessions", "{}"), 409, "idempotency-in-progress");
    }

    @Test
    void tellsApartWhatABrokenStoreLeavesKnown() throws Exception {
        get("/v1/projects");
        json(post("/v1/sessions", "{}"));
        store.broken = StoreException.Kind.UNAVAILABLE;
        var away = post("/v1/sessions", "{}");
        problem(away, 503, "store-unavailable");
        assertThat(retryAfter(away)).isPositive();
        assertThat(away.headers().firstValue("x-should-retry")).contains("true");
        problem(get("/v1/sessions/" + UUID.randomUUID()), 404, "session-not-found");
        problem(get("/v1/sessions"), 503, "store-unavailable");

        store.broken = StoreException.Kind.OUTCOME_UNKNOWN;
        var unknown = post("/v1/sessions", "{}");
        problem(unknown, 503, "outcome-unknown");
        // Without a key, an SDK that repeats would claim twice.
        assertThat(unknown.headers().firstValue("x-should-retry")).contains("false");
        assertThat(idempotent("k", "{}").headers().firstValue("x-should-retry")).contains("true");

        store.broken = StoreException.Kind.BROKEN;
        problem(post("/v1/sessions", "{}"), 500, "internal-error");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/sessions?limit=1&limit=2, query-invalid",
        "/v1/sessions?limit=-1, query-invalid",
        "/v1/sessions?limit=99999, query-invalid",
        "/v1/sessions?limit=0, query-invalid",
        "/v1/sessions?status=FOO, query-invalid",
        "/v1/sessions?q=x, query-invalid"
    })
    void refusesBadQueries(String path, String code) throws Exception {
        problem(get(path), 400, code);
    }

    @Test
    void refusesQueriesWhereNoneBelong() throws Exception {
        problem(post("/v1/sessions?region=eu-west", "{}"), 400, "query-invalid");
    }

    @Test
    void answersUnknownPathsAndMethodsAsProblems() throws Exception {
        problem(get("/v1/nothing"), 404, "not-found");
        problem(get("/metrics"), 404, "not-found");
        problem(get("/q/health"), 404, "not-found");
        problem(get("/v1/sessions/1"), 404, "session-not-found");
        var put = send(request("/v1/projects")
                .header("X-BB-API-Key", "key-a")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{}")));
        problem(put, 405, "method-not-allowed");
        assertThat(put.headers().firstValue("Allow").orElse("")).contains("GET");
        problem(
                send(request("/v1/projects")
                        .header("X-BB-API-Key", "key-a")
                        .header("Accept", "text/html")
                        .GET()),
                406,
                "not-acceptable");
    }

    private long retryAfter(HttpResponse<String> answer) {
        return answer.headers().firstValueAsLong("Retry-After").orElse(-1);
    }

    @Test
    void readsBrowserSettingsAndNamesTheFieldAtFault() throws Exception {
        var settings = "{\"browserSettings\":{\"viewport\":{\"width\":800,\"height\":600},\"locale\":\"de-DE\","
                + "\"ignoreCertificateErrors\":true,\"blockAds\":true,\"context\":null}}";
        var claimed = post("/v1/sessions", settings);
        assertThat(claimed.statusCode()).isEqualTo(201);
        assertThat(claimed.headers().firstValue("hearth-ignored")).hasValue("browserSettings.blockAds");
        assertThat(store.settings.values())
                .containsExactly(
                        "{\"width\":800,\"height\":600,\"locale\":\"de-DE\",\"ignoreCertificateErrors\":true}");

        var refused = post("/v1/sessions", "{\"browserSettings\":{\"viewport\":{\"width\":800,\"height\":0}}}");
        problem(refused, 422, "field-range");
        assertThat(refused.body()).contains("/browserSettings/viewport/height", "1…10000");
        problem(post("/v1/sessions", "{\"browserSettings\":{\"userAgent\":\"a\\tb\"}}"), 400, "string-invalid");
        problem(post("/v1/sessions", "{\"browserSettings\":{\"locale\":\"de_DE; x\"}}"), 422, "field-range");
        problem(post("/v1/sessions", "{\"userMetadata\":{\"a\":[1e99999]}}"), 422, "field-range");
    }

    @Test
    void listsByMetadataAndAddsUpUse() throws Exception {
        post("/v1/sessions", "{\"userMetadata\":{\"run\":\"1\"}}");
        post("/v1/sessions", "{\"userMetadata\":{\"run\":\"2\"}}");
        var query = java.net.URLEncoder.encode("user_metadata['run']:'1'", java.nio.charset.StandardCharsets.UTF_8);

        assertThat(get("/v1/sessions?q=" + query).body())
                .contains("\"run\":\"1\"")
                .doesNotContain("\"run\":\"2\"");
        problem(get("/v1/sessions?q=run"), 400, "query-invalid");
        assertThat(get("/v1/projects/team-a/usage").body()).contains("\"proxyBytes\":0");
        problem(get("/v1/projects/team-b/usage"), 404, "project-not-found");
    }

    @Test
    void egressRulesAreGivenGuardedPoolsOnlyAndNeverShown() throws Exception {
        store.guardedPool("team-a", "safe", "us-east");
        var body = """
                {"browserSettings":{"allowedDomains":["Example.com"]},
                 "proxies":[{"type":"none","domainPattern":"bank\\\\.test"},
                            {"type":"external","server":"http://p.test:3128","username":"ann","password":"top-secret"}]%s}
                """;
        problem(post("/v1/sessions", body.formatted(",\"pool\":\"eu\"")), 422, "allowed-domains-unsupported");
        problem(post("/v1/sessions", body.formatted(",\"region\":\"eu-west\"")), 422, "allowed-domains-unsupported");
        assertThat(store.sessions).isEmpty();

        var made = post("/v1/sessions", body.formatted(""));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(json(made).path("pool").asText()).isEqualTo("team-a/safe");
        assertThat(made.headers().firstValue("hearth-ignored")).isEmpty();
        var id = json(made).path("id").asText();
        assertThat(made.body()
                        + get("/v1/sessions/" + id).body()
                        + get("/v1/sessions").body())
                .doesNotContain("top-secret", "p.test");
        assertThat(post("/v1/sessions", "{\"browserSettings\":{\"allowedDomains\":[]},\"proxies\":[]}")
                        .statusCode())
                .as("no rules need no guard")
                .isEqualTo(201);
    }

    private void problem(HttpResponse<String> answer, int status, String code) throws Exception {
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        var problem = json(answer);
        assertThat(problem.path("type").asText()).isEqualTo("https://hearth.dev/problems/" + code);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").asText()).isNotEmpty();
        assertThat(problem.path("requestId").asText())
                .isEqualTo(answer.headers().firstValue("X-Request-Id").orElse("none"));
    }

    private String withoutId(HttpResponse<String> answer) {
        return answer.body().replaceAll("\"requestId\":\"[^\"]+\"", "");
    }

    private JsonNode json(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> idempotent(String key, String body) throws Exception {
        return send(request("/v1/sessions")
                .header("X-BB-API-Key", "key-a")
                .header("Idempotency-Key", key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(path)
                .header("X-BB-API-Key", "key-a")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(request(path).header("X-BB-API-Key", "key-a").GET());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + base.getPort() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }
}
