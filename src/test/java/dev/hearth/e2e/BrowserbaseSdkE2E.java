package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hearth.testing.Answers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Scripts written for Browserbase, with its own SDKs and the base URL changed only. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BrowserbaseSdkE2E {
    private static final RunningHearth HEARTH = RunningHearth.shared();
    /** Begun with the first journey, so that its minute passes during the others. */
    private static final CompletableFuture<JsonNode> SIXTY_SECONDS = CompletableFuture.supplyAsync(
            () -> HEARTH.node("sdk.mjs", "sixty-seconds"), Executors.newVirtualThreadPerTaskExecutor());

    @Test
    @Proves(
            client = StockClient.BROWSERBASE_NODE,
            calls = {"sessions.create({keepAlive})", "sessions.retrieve", "sessions.update(REQUEST_RELEASE)"})
    @Answers({"selenium#18062", "sdk-node#183", "steel-browser#74"})
    void aKeptSessionIsFoundAgainByItsUrlAndReleasedTwice() {
        var seen = HEARTH.node("sdk.mjs", "keep-alive");

        assertThat(seen.path("title").asText()).isEqualTo("kept");
        assertThat(seen.path("still").asText()).isEqualTo("RUNNING");
        assertThat(seen.path("once").asText()).isEqualTo("COMPLETED");
        assertThat(seen.path("twice").asText()).isEqualTo("COMPLETED");
        assertThat(seen.path("afterwards").asInt()).isEqualTo(410);
    }

    @Test
    @Proves(
            client = StockClient.BROWSERBASE_PYTHON,
            calls = {"sessions.create(keep_alive)", "sessions.retrieve", "sessions.update(REQUEST_RELEASE)"})
    @Proves(
            client = StockClient.PLAYWRIGHT_PYTHON,
            calls = {"connect_over_cdp(ws URL)", "close()"})
    void aKeptSessionIsFoundAgainFromPython() {
        var seen = HEARTH.python("sdk.py", "keep-alive");

        assertThat(seen.path("title").asText()).isEqualTo("kept");
        assertThat(seen.path("still").asText()).isEqualTo("RUNNING");
        assertThat(seen.path("released").asText()).isEqualTo("COMPLETED");
        assertThat(seen.path("again").asText()).isEqualTo("COMPLETED");
    }

    @Test
    @Proves(
            client = StockClient.BROWSERBASE_NODE,
            calls = {"sessions.create()"})
    void aPlainSessionIsCompletedWithinTwoSecondsOfItsDisconnect() {
        var seen = HEARTH.node("sdk.mjs", "disconnect");

        assertThat(seen.path("status").asText()).isEqualTo("COMPLETED");
        assertThat(seen.path("millis").asInt(Integer.MAX_VALUE)).isBetween(0, 2000);
        assertThat(seen.path("afterwards").asInt()).isEqualTo(410);
    }

    @Test
    @Proves(
            client = StockClient.BROWSERBASE_PYTHON,
            calls = {"sessions.create()"})
    void aPlainSessionIsCompletedAfterItsDisconnectFromPython() {
        var seen = HEARTH.python("sdk.py", "disconnect");

        assertThat(seen.path("status").asText()).isEqualTo("COMPLETED");
        assertThat(seen.path("millis").asInt(Integer.MAX_VALUE)).isBetween(0, 2000);
    }

    @Test
    @Order(Integer.MAX_VALUE)
    @Proves(
            client = StockClient.BROWSERBASE_NODE,
            calls = {"sessions.create({timeout})"})
    @Answers("browserless#3831")
    void aSessionOfSixtySecondsEndsAtTheirEndUnderAConnectedClient() {
        var seen = SIXTY_SECONDS.join();

        assertThat(seen.path("promised").asInt()).isEqualTo(60_000);
        assertThat(seen.path("before").asText()).isEqualTo("RUNNING");
        assertThat(seen.path("status").asText()).isEqualTo("TIMED_OUT");
        assertThat(seen.path("late").asInt(Integer.MAX_VALUE)).isBetween(0, 2000);
        assertThat(seen.path("cutLate").asInt()).isLessThanOrEqualTo(2000);
        assertThat(seen.path("afterwards").asInt()).isEqualTo(410);
    }

    @Test
    @Proves(
            client = StockClient.BROWSERBASE_NODE,
            calls = {"APIError.status"})
    @Answers("browserless#1173")
    void whatIsOutOfBoundsOrOfOthersIsRefused() {
        var seen = HEARTH.node("sdk.mjs", "bounds");

        assertThat(seen.path("above").asInt()).isEqualTo(422);
        assertThat(seen.path("below").asInt()).isEqualTo(422);
        assertThat(seen.path("foreign").asInt()).isEqualTo(404);
        assertThat(seen.path("unknown").asInt()).isEqualTo(404);
    }

    @Test
    @Proves(
            client = StockClient.BROWSERBASE_PYTHON,
            calls = {"sessions.create(api_timeout)", "APIStatusError.status_code"})
    @Answers("browserless#1173")
    void aTimeoutIsTakenAndBoundedFromPython() {
        var seen = HEARTH.python("sdk.py", "timeouts");

        assertThat(seen.path("seconds").asInt()).isEqualTo(61);
        assertThat(seen.path("refused").asInt()).isEqualTo(422);
    }

    @Test
    @Proves(
            client = StockClient.BROWSERBASE_NODE,
            calls = {"sessions.list({status, q})", "projects.list", "projects.retrieve", "projects.usage"})
    void sessionsAreFoundByTheirMetadata() {
        var seen = HEARTH.node("sdk.mjs", "rest");

        assertThat(seen.path("byRun").toString()).isEqualTo("[true]");
        assertThat(seen.path("both").toString()).isEqualTo("[true]");
        assertThat(seen.path("neither").toString()).isEqualTo("[]");
        assertThat(seen.path("otherValue").toString()).isEqualTo("[]");
        assertThat(seen.path("over").toString()).isEqualTo("[true]");
        assertThat(seen.path("quoted").asBoolean()).isTrue();
        assertThat(seen.path("malformed").asInt()).isEqualTo(400);
        assertThat(seen.path("injection").asInt()).isEqualTo(400);
        assertThat(seen.path("project").asText()).isEqualTo("default");
        assertThat(seen.path("usage").path("browserMinutes").asInt()).isPositive();
        assertThat(seen.path("usage").path("proxyBytes").asInt()).isZero();
    }

    @Test
    @Proves(
            client = StockClient.BROWSERBASE_PYTHON,
            calls = {
                "sessions.list(status, q)",
                "sessions.debug(expires_in)",
                "projects.list",
                "projects.retrieve",
                "projects.usage"
            })
    void sessionsAreFoundByTheirMetadataFromPython() {
        var seen = HEARTH.python("sdk.py", "rest");

        assertThat(seen.path("found").toString()).isEqualTo("[true]");
        assertThat(seen.path("metadata").path("run").path("id").asText()).isNotEmpty();
        assertThat(seen.path("gone").asInt()).isZero();
        assertThat(seen.path("over").asInt()).isOne();
        assertThat(seen.path("malformed").asInt()).isEqualTo(400);
        assertThat(seen.path("pages").asInt()).isOne();
        assertThat(seen.path("fullscreen").asText()).contains("/devtools/inspector.html?ws=");
        assertThat(seen.path("project").asText()).isEqualTo("default");
        assertThat(seen.path("minutes").asInt()).isPositive();
    }

    /** 503 from a pool whose one browser is taken: the SDK comes again as it is told. */
    @Test
    @Proves(
            client = StockClient.BROWSERBASE_NODE,
            calls = {"maxRetries after 503"})
    void aRepeatedCreateClaimsOnce() {
        var pools = new Pools(HEARTH);
        pools.create("default", "one", 1, 1);

        var seen = HEARTH.node("sdk.mjs", "retries", "one");

        assertThat(seen.path("refused").asInt()).isEqualTo(503);
        assertThat(seen.path("other").asBoolean()).isTrue();
        assertThat(seen.path("claimed").asInt()).isOne();
        pools.delete("default", "one");
    }

    /** 429 from a pool at its limit: said to be of no use to repeat, so the SDK does not. */
    @Test
    @Proves(
            client = StockClient.BROWSERBASE_NODE,
            calls = {"RateLimitError"})
    @Answers("openclaw#40390")
    void aFullPoolIsRefusedOnce() {
        HEARTH.apply("""
                apiVersion: hearth.dev/v1alpha1
                kind: BrowserPool
                metadata: {name: limited, namespace: default}
                spec:
                  region: local-east
                  replicas: 1
                  limits: {maxBrowsers: 2, maxSessions: 1}
                  browser: {image: hearth.dev/browser:local}
                """);
        var pools = new Pools(HEARTH);
        pools.awaitWarm("default", "limited", 1);

        var seen = HEARTH.node("sdk.mjs", "limit", "limited");

        assertThat(seen.path("refused").asInt()).isEqualTo(429);
        assertThat(seen.path("requests").asInt()).isOne();
        assertThat(seen.path("claimed").asInt()).isOne();
        assertThat(seen.path("afterwards").asText()).isEqualTo("RUNNING");
        pools.delete("default", "limited");
    }

    /** A server's key and certificate that no browser trusts. */
    private static Path selfSigned() throws IOException {
        var store = HEARTH.home().resolve("self-signed.p12").toAbsolutePath();
        Files.deleteIfExists(store);
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        HEARTH.asClient(List.of(
                keytool.toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "test",
                "-dname",
                "CN=127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                "secret",
                "-keystore",
                store.toString()));
        return store;
    }

    @Test
    @Proves(
            client = StockClient.BROWSERBASE_NODE,
            calls = {"sessions.create({browserSettings: {viewport, ignoreCertificateErrors}})"})
    void browserSettingsHoldFromTheFirstCommandOnEveryPage() throws IOException {
        var seen = HEARTH.node("settings.mjs", selfSigned().toString());

        assertThat(seen.path("ignored").asText()).isEqualTo("browserSettings.recordSession");
        for (var page : List.of("first", "blank", "second", "context", "popup")) {
            assertThat(seen.path(page).toString())
                    .as(page)
                    .isEqualTo("[\"de-DE\",\"Hearth-Test/1\",\"Asia/Tokyo\",777,555]");
        }
        assertThat(seen.path("header").asText()).startsWith("de-DE");
        assertThat(seen.path("frame").toString()).startsWith("[\"de-DE\",\"Hearth-Test/1\",\"Asia/Tokyo\"");
        assertThat(seen.path("selfSigned").asText()).isEqualTo("reached");
        assertThat(seen.path("reconnected").toString()).contains("777", "Asia/Tokyo");
        assertThat(seen.path("strict").asText()).contains("ERR_CERT");
        assertThat(seen.path("wrong").toString()).isEqualTo("[400,422,422,400]");
    }
}
