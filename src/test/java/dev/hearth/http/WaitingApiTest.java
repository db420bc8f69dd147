package dev.hearth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hearth.claim.EndReason;
import dev.hearth.gateway.Bounds;
import dev.hearth.gateway.GatewayKeys;
import dev.hearth.gateway.WaitingRoom;
import dev.hearth.testing.Answers;
import dev.hearth.testing.FakeAgent;
import dev.hearth.testing.FakeStore;
import dev.hearth.testing.GatewayProfile;
import dev.hearth.testing.RawClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(GatewayProfile.class)
@SuppressWarnings("NullAway.Init") // fields are set by the framework
class WaitingApiTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    FakeStore store;

    @Inject
    WaitingRoom room;

    @Inject
    GatewayKeys keys;

    @Inject
    Router router;

    /** The newest request, as the gateway sees it. */
    private static volatile @Nullable RoutingContext newest;

    private static boolean watched;

    @ConfigProperty(name = "quarkus.http.idle-timeout")
    Duration idleTimeout;

    @TestHTTPResource("/")
    URI base;

    @BeforeEach
    void anEmptyPool() {
        store.ofTeamA();
        store.warm = 0;
        if (!watched) {
            router.route().order(Integer.MIN_VALUE).handler(context -> {
                newest = context;
                context.next();
            });
            watched = true;
        }
    }

    @Test
    @Answers({"sandbox-operator#33", "browserless#5436"})
    void waitsForABrowserAndSaysHowLongItWouldHave() throws Exception {
        var answer = post("{\"waitTimeout\":20}");
        await().until(() -> room.waiting() == 1);
        var warmed = Instant.now();
        store.warm = 1;

        assertThat(answer.get().statusCode()).isEqualTo(201);
        assertThat(answer.get().headers().firstValue("hearth-wait-timeout")).contains("20");
        assertThat(Instant.parse(json(answer.get()).path("startedAt").asText()))
                .isAfterOrEqualTo(warmed.minusMillis(1));
        assertThat(room.waiting()).isZero();
    }

    @Test
    @Answers("sandbox-operator#33")
    void aWaitThatIsOverIsARefusalLikeAnyOther() throws Exception {
        var answer = post("{\"pool\":\"eu\",\"waitTimeout\":1}").get();

        assertThat(answer.statusCode()).isEqualTo(503);
        var problem = json(answer);
        assertThat(problem.path("code").asText()).isEqualTo("pool-exhausted");
        assertThat(problem.path("starting").asInt()).isEqualTo(2);
        assertThat(problem.path("waitedMillis").asInt()).isBetween(500, 10_000);
        assertThat(answer.headers().firstValue("Retry-After"))
                .as("measured starts")
                .contains("7");
        assertThat(answer.headers().firstValue("hearth-wait-timeout")).contains("1");
    }

    /** Nothing moves on a connection whose request waits: what cuts silent connections would cut the wait. */
    @Test
    @Answers("selenium#15872")
    void theLongestWaitIsTakenAsItWasAskedForAndTheServerCutsNoConnectionBeforeItsEnd() throws Exception {
        var answer = post("{\"waitTimeout\":300}");
        await().until(() -> room.waiting() == 1);
        store.warm = 1;

        assertThat(answer.get().statusCode()).isEqualTo(201);
        assertThat(answer.get().headers().firstValue("hearth-wait-timeout")).contains("300");
        assertThat(Bounds.WAIT_TIMEOUT.refuse(301)).as("nobody waits longer").isPresent();
        assertThat(idleTimeout).isGreaterThan(Duration.ofSeconds(330));
    }

    @Test
    void withoutAWaitTheRefusalComesAtOnce() throws Exception {
        var answer = post("{}").get();
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("hearth-wait-timeout")).isEmpty();
        assertThat(post("{\"waitTimeout\":0}").get().statusCode()).isEqualTo(503);
    }

    @ParameterizedTest
    @CsvSource({"-1, 422, field-range", "301, 422, field-range", "1.5, 400, field-type", "true, 400, field-type"})
    void aWaitOutOfBoundsIsRefused(String wait, int status, String code) throws Exception {
        var answer = post("{\"waitTimeout\":" + wait + "}").get();
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(json(answer).path("code").asText()).isEqualTo(code);
        assertThat(json(answer).path("field").asText()).isEqualTo("/waitTimeout");
    }

    @Test
    void aRepeatedRequestMayHaveLessPatienceLeft() throws Exception {
        store.warm = 1;
        var first = send("{\"waitTimeout\":20}", "same").get();
        var again = send("{\"waitTimeout\":3}", "same").get();
        assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
        assertThat(json(again).path("id")).isEqualTo(json(first).path("id"));
    }

    @Test
    @Answers({"selenium#3022", "browserless#5518"})
    void aClientThatLeavesFreesItsPlaceAndTakesNoBrowser() throws Exception {
        var leaving = postRaw("{\"waitTimeout\":60}", "");
        await().until(() -> room.waiting() == 1);

        leaving.close();

        await().until(() -> room.waiting() == 0);
        store.warm = 1;
        assertThat(post("{}").get().statusCode()).isEqualTo(201);
        assertThat(store.sessions).hasSize(1);
    }

    @Test
    @Answers({"selenium#14743", "browserless#5518"})
    void aSessionThatItsClientCannotBeToldOfIsReleasedAtOnce() throws Exception {
        whileItsClaimIsMadeTheClientLeaves("");

        await().untilAsserted(() -> assertThat(store.sessions.values())
                .singleElement()
                .satisfies(session -> assertThat(session.endReason()).isEqualTo(EndReason.RELEASED)));
    }

    @Test
    void aSessionThatItsClientCanAskForAgainByItsKeyIsKept() throws Exception {
        whileItsClaimIsMadeTheClientLeaves("Idempotency-Key: later\r\n");

        var replayed = send("{\"waitTimeout\":20}", "later").get();
        assertThat(replayed.headers().firstValue("Idempotent-Replayed")).contains("true");
        assertThat(json(replayed).path("status").asText()).isEqualTo("RUNNING");
    }

    @Test
    void aClientThatCreatesByConnectingMayWaitToo() throws Exception {
        try (var agent = new FakeAgent(keys.publicKeys())) {
            store.address = agent.address();
            var opening = CompletableFuture.supplyAsync(() -> open("/?apiKey=key-a&waitTimeout=20"));
            await().until(() -> room.waiting() == 1);
            store.warm = 1;
            try (var client = opening.get()) {
                assertThat(client.status()).isEqualTo(101);
                assertThat(client.header("hearth-wait-timeout")).isEqualTo("20");
                client.sendText("hello");
                assertThat(client.message().text()).isEqualTo("hello");
            }
        }
        try (var refused = open("/?apiKey=key-a&waitTimeout=301")) {
            assertThat(refused.status()).isEqualTo(422);
        }
    }

    @Test
    @Answers("selenium#3022")
    void aConnectingClientThatLeavesFreesItsPlace() throws Exception {
        var leaving = new RawClient(base.getPort());
        leaving.send("GET /?apiKey=key-a&waitTimeout=60 HTTP/1.1\r\nHost: localhost:" + base.getPort()
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                + RawClient.KEY + "\r\n\r\n");
        await().until(() -> room.waiting() == 1);

        leaving.close();

        await().until(() -> room.waiting() == 0);
    }

    private void whileItsClaimIsMadeTheClientLeaves(String header) throws Exception {
        var client = new AtomicReference<RawClient>();
        var left = new CompletableFuture<Void>();
        store.whileClaiming = () -> {
            store.whileClaiming = () -> {};
            reset(client.get());
            await().until(() -> Objects.requireNonNull(newest).response().closed());
            left.complete(null);
        };
        client.set(postRaw("{\"waitTimeout\":20}", header));
        await().until(() -> room.waiting() == 1);
        store.warm = 1;
        left.get(20, TimeUnit.SECONDS);
    }

    private static void reset(RawClient client) {
        try {
            client.reset();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RawClient open(String target) {
        try {
            return RawClient.open(base.getPort(), target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RawClient postRaw(String body, String header) throws IOException {
        var client = new RawClient(base.getPort());
        client.send("POST /v1/sessions HTTP/1.1\r\nHost: localhost:" + base.getPort()
                + "\r\nX-BB-API-Key: key-a\r\nContent-Type: application/json\r\n" + header + "Content-Length: "
                + body.length() + "\r\n\r\n" + body);
        return client;
    }

    private CompletableFuture<HttpResponse<String>> post(String body) {
        return send(body, null);
    }

    private CompletableFuture<HttpResponse<String>> send(String body, @Nullable String key) {
        var request = HttpRequest.newBuilder(base.resolve("/v1/sessions"))
                .header("X-BB-API-Key", "key-a")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return HTTP.sendAsync(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }
}
