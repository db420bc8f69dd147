package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hearth.claim.Directory.Share;
import dev.hearth.testing.postgres.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which of three regions of a thousand browsers each serves a claim, what the answer says of it, and who shares one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // fields are set before all tests
class NearestRegionIT {
    @RegisterExtension
    static final TestDatabase MAIN = new TestDatabase();

    @RegisterExtension
    static final TestDatabase FAR = new TestDatabase();

    private static final Duration PROMISED = Duration.ofSeconds(3);
    /** From one answer to the next. */
    private static final Duration STOOD_STILL = Duration.ofMillis(500);

    private static final String OWN = ShardedGateway.FAR_REGION;
    private static final int BEATING = 1_000;
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    private ShardedGateway gateway;
    private BeatingBrowsers beating;

    @BeforeAll
    void start() throws Exception {
        gateway = new ShardedGateway(
                "nearest", MAIN, FAR, "-Dhearth.gateway.zone=a", "-Dhearth.regions.location-header=CF-IPCountry");
        for (var region : List.of("ap", "eu")) {
            gateway.pool(region, region, List.of(), null);
        }
        var pool = gateway.pool(OWN, OWN, List.of(), null);
        beating = new BeatingBrowsers(
                gateway.farDatabase(),
                pool.id(),
                OWN,
                OWN,
                gateway.stores().virtualShard(OWN),
                BEATING,
                gateway.process().ingestPort());
        await().atMost(Duration.ofSeconds(30)).until(() -> heard() > BEATING * 9 / 10);
    }

    @BeforeEach
    void warm() {
        gateway.warm();
        awaitOwn();
    }

    /** Where this machine stood still for a second or two its beats lag, and claims rightly go elsewhere. */
    private void awaitOwn(String... header) {
        await().atMost(Duration.ofSeconds(15))
                .until(
                        () -> served(header.length == 0 ? claim("{}") : send("{}", header[0], header[1])),
                        "us; pool=us; reason=own"::equals);
    }

    @AfterAll
    void stop() throws IOException {
        beating.close();
        gateway.close();
    }

    @Test
    void aClientsLocationDecidesOnTheRegion() throws Exception {
        awaitOwn();
        assertThat(served(claim("{\"location\":\"DE\"}"))).isEqualTo("eu; pool=eu; reason=nearest");
        assertThat(served(claim("{\"location\":\"35.7,139.7\"}"))).isEqualTo("ap; pool=ap; reason=nearest");
        assertThat(served(claim("{\"location\":{\"latitude\":40,\"longitude\":-100}}")))
                .isEqualTo("us; pool=us; reason=nearest");
        assertThat(served(claim("{\"location\":\"DE\",\"region\":\"ap\"}"))).isEqualTo("ap; pool=ap; reason=asked");
    }

    @Test
    void aTrustedHeaderSaysWhereTheClientIsUnlessItSaysItself() throws Exception {
        assertThat(served(send("{}", "CF-IPCountry", "FR"))).isEqualTo("eu; pool=eu; reason=nearest");
        assertThat(served(send("{\"location\":\"JP\"}", "CF-IPCountry", "FR")))
                .isEqualTo("ap; pool=ap; reason=nearest");
        awaitOwn("CF-IPCountry", "XX");
        awaitOwn("X-Country", "FR");
    }

    @Test
    void aLocationThatIsNoneIsRefusedAndClaimsNothing() throws Exception {
        for (var wrong : List.of("\"Mars\"", "\"91,0\"", "{\"latitude\":1,\"longitude\":181}")) {
            var answer = claim("{\"location\":" + wrong + "}");
            assertThat(answer.statusCode()).isEqualTo(422);
            assertThat(answer.body()).contains("\"code\":\"field-range\"", "\"field\":\"/location\"", "ISO 3166-1");
        }
        assertThat(claim("{\"location\":7}").body()).contains("\"code\":\"field-type\"");
        assertThat(claim("{\"location\":{\"latitude\":1}}").statusCode()).isEqualTo(400);
    }

    @Test
    void whileBeatsOfItsRegionLagClaimsGoElsewhereAndThenComeBack() throws Exception {
        var key = "while-it-lagged-" + UUID.randomUUID();
        HttpResponse<String> keyed;
        try (var held = claimsMoved()) {
            keyed = gateway.client().post("{}", key).orElseThrow();
            assertThat(served(keyed)).endsWith("reason=fallback-lagging").doesNotStartWith(OWN);
            assertThat(served(claim("{\"region\":\"us\"}")))
                    .as("without a fallback it is served all the same")
                    .isEqualTo("us; pool=us; reason=asked");
            held.rollback();
        }
        var written = System.nanoTime();
        await().pollInterval(Duration.ofMillis(50))
                .atMost(Duration.ofSeconds(15))
                .until(() -> served(claim("{}")).startsWith(OWN));
        System.out.println("claims came back after "
                + Duration.ofNanos(System.nanoTime() - written).toMillis() + " ms of beats that are written");

        var retried = gateway.client().post("{}", key).orElseThrow();
        assertThat(id(retried)).isEqualTo(id(keyed));
        assertThat(served(retried)).isEqualTo(served(keyed).replace("reason=fallback-lagging", "reason=replayed"));
        assertThat(gateway.process().metrics())
                .contains("hearth_served_total{")
                .contains("reason=\"fallback-lagging\"");
    }

    @Test
    void aRegionThatIsAwayIsNamedAsThat() throws Exception {
        gateway.cut();
        await().atMost(Duration.ofSeconds(10)).until(() -> claim("{}").statusCode() == 201);
        assertThat(served(claim("{}"))).contains("reason=fallback-").doesNotStartWith(OWN);
        gateway.mend(OWN);
    }

    @Test
    void aPoolThatIsEmptyFallsBackAndTheAnswerSaysSo() throws Exception {
        gateway.pool("dry", "ap", List.of("eu"), null);
        assertThat(served(claim("{\"pool\":\"dry\"}"))).isEqualTo("eu; pool=eu; reason=fallback-empty");
    }

    @Test
    void browsersOfTheGatewaysOwnZoneComeFirst() throws Exception {
        var pool = gateway.pool("zoned", "ap", List.of(), null);
        gateway.warm(pool, 20);
        MAIN.address()
                .execute("UPDATE hearth.browser SET zone = CASE WHEN spread < 0.5 THEN 'a' ELSE 'b' END"
                        + " WHERE pool = 'zoned'");
        var near = Integer.parseInt(gateway.browsers("zoned")
                .strings("SELECT count(*) FROM hearth.browser WHERE pool = 'zoned' AND zone = 'a'")
                .getFirst());
        for (var n = 0; n < near; n++) {
            assertThat(claim("{\"pool\":\"zoned\"}").statusCode()).isEqualTo(201);
        }
        assertThat(gateway.browsers("zoned").strings("SELECT DISTINCT zone FROM hearth.session WHERE pool = 'zoned'"))
                .containsExactly("a");
        assertThat(claim("{\"pool\":\"zoned\"}").statusCode()).isEqualTo(201);
    }

    @Test
    void aCanaryServesItsPartAndTheOtherAllOnceItIsEmpty() throws Exception {
        var stable = gateway.pool("stable", "sa", List.of(), new Share(95, false));
        var canary = gateway.pool("canary", "sa", List.of(), new Share(5, true));
        gateway.warm(stable, 1_000);
        gateway.warm(canary, 100);
        var parts = served(400);
        System.out.println("of 400 claims: " + parts);
        assertThat(parts.getOrDefault("canary", 0L)).isBetween(4L, 45L);

        MAIN.address().execute("UPDATE hearth.browser SET claimable = false WHERE pool = 'canary'");
        assertThat(served(200)).isEqualTo(Map.of("stable", 200L));
    }

    /** By pool. */
    private Map<String, Long> served(int claims) {
        return IntStream.range(0, claims)
                .mapToObj(_ -> {
                    var answer = send("{\"region\":\"sa\"}", "X-Nothing", "");
                    return served(answer).replaceFirst(".*pool=([a-z]+);.*", "$1");
                })
                .collect(Collectors.groupingBy(pool -> pool, Collectors.counting()));
    }

    /** Returns once claims go elsewhere, while no beat is written; asked again where this machine stood still meanwhile. */
    private Connection claimsMoved() throws Exception {
        for (var attempt = 0; attempt < 3; attempt++) {
            awaitOwn();
            var held = noBeatIsWritten();
            try {
                var slowest = new AtomicLong();
                var moved = untilClaimsMove(slowest);
                System.out.println("claims moved after " + moved.toMillis() + " ms of beats that are not written");
                if (moved.compareTo(PROMISED) <= 0) {
                    return held;
                }
                assertThat(Duration.ofNanos(slowest.get()))
                        .as("moved after %s", moved)
                        .isGreaterThan(STOOD_STILL);
            } catch (RuntimeException | Error e) {
                // Its lock would keep every later test waiting.
                held.close();
                throw e;
            }
            held.close();
        }
        throw new AssertionError("this machine stood still each time");
    }

    /** @param slowest set to the longest that one claim took, in nanoseconds */
    private Duration untilClaimsMove(AtomicLong slowest) {
        var begun = System.nanoTime();
        var last = new AtomicLong(begun);
        await().pollInterval(Duration.ofMillis(50))
                .atMost(Duration.ofSeconds(10))
                .until(() -> {
                    var elsewhere = !served(claim("{}")).startsWith(OWN);
                    var now = System.nanoTime();
                    slowest.accumulateAndGet(now - last.getAndSet(now), Math::max);
                    return elsewhere;
                });
        return Duration.ofNanos(last.get() - begun);
    }

    /** Claims do not touch these tables; beats, and the pulses of who vouches, wait for them until the transaction ends. */
    private static Connection noBeatIsWritten() throws SQLException {
        var connection = FAR.address().connect();
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute("LOCK TABLE hearth.liveness, hearth.vouching IN SHARE MODE");
        }
        return connection;
    }

    private static int heard() {
        return Integer.parseInt(
                FAR.address().strings("SELECT count(*) FROM hearth.liveness").getFirst());
    }

    private HttpResponse<String> claim(String wish) throws InterruptedException {
        return gateway.client().post(wish, null).orElseThrow();
    }

    private HttpResponse<String> send(String wish, String header, String value) {
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + gateway.process().port() + "/v1/sessions"))
                .header("X-BB-API-Key", ShardedGateway.KEY)
                .header("Content-Type", "application/json")
                .header(header, value)
                .POST(BodyPublishers.ofString(wish));
        return HTTP.sendAsync(request.build(), BodyHandlers.ofString()).join();
    }

    private static String served(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return answer.headers().firstValue("hearth-served-by").orElseThrow();
    }

    private static String id(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body()).path("id").asText();
    }
}
