package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Playwright;
import com.sun.net.httpserver.HttpServer;
import dev.hearth.testing.Answers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Clients as their makers ship them: nothing is told to them but a URL. */
class StockClientsE2E {
    private final RunningHearth hearth = RunningHearth.shared();

    @Test
    @Proves(
            client = StockClient.PUPPETEER,
            calls = {"connect({browserWSEndpoint})", "disconnect()", "pages()", "goto", "click", "screenshot"})
    @Answers({"browserless#4149", "cloudflare-puppeteer#73", "cloudflare-puppeteer#93"})
    void puppeteerReconnectsToAKeptSessionAndFindsItsPage() {
        var seen = hearth.node("puppeteer.mjs", "url");

        assertBrowsed(seen);
        assertThat(seen.path("kept").asText()).isEqualTo("clicked");
        assertThat(seen.path("still").asText()).isEqualTo("RUNNING");
        assertThat(seen.path("released").asText()).isEqualTo("COMPLETED");
    }

    /** No benchmark: it takes a twentieth of the bound, and a busy machine must hold it too. */
    @Test
    @Answers("browser-use#4374")
    void puppeteerComesBackTwentyTimesInLessThanASecondAtTheMedian() {
        var cycles = hearth.node("puppeteer.mjs", "reconnects").path("cycles");

        assertThat(cycles)
                .hasSize(20)
                .allSatisfy(cycle -> assertThat(cycle.path("kept").asText()).isEqualTo("clicked"));
        var millis = StreamSupport.stream(cycles.spliterator(), false)
                .map(cycle -> cycle.path("millis").asInt())
                .sorted()
                .toList();
        System.out.println(
                "came back in " + millis.get(10) + " ms at the median, " + millis.getLast() + " ms at worst");
        assertThat(millis.get(10)).as("%s", millis).isLessThan(1_000);
    }

    @Test
    @Proves(
            client = StockClient.PUPPETEER,
            calls = {"connect({browserWSEndpoint: wss://host/?apiKey=…})"})
    void puppeteerCreatesASessionByConnecting() {
        assertBrowsed(hearth.node("puppeteer.mjs", "create-on-connect"));
    }

    @Test
    @Proves(
            client = StockClient.PUPPETEER,
            calls = {"close()"})
    void puppeteersCloseEndsAPlainSession() {
        var seen = hearth.node("puppeteer.mjs", "plain-close");

        assertBrowsed(seen);
        assertThat(seen.path("over").asText()).isEqualTo("COMPLETED");
    }

    @Test
    @Proves(
            client = StockClient.PLAYWRIGHT_NODE,
            calls = {"connectOverCDP(ws URL)", "close()"})
    @Answers("cloudflare-puppeteer#73")
    void playwrightConnectsBySocketUrlAndItsCloseEndsAPlainSession() {
        var seen = hearth.node("playwright.mjs", "ws");

        assertBrowsed(seen);
        assertThat(seen.path("over").asText()).isEqualTo("COMPLETED");
    }

    @Test
    @Proves(
            client = StockClient.PLAYWRIGHT_NODE,
            calls = {"connectOverCDP(http URL)"})
    @Answers({"wmux#233", "playwright#29403"})
    void playwrightFindsTheSocketByItsHttpUrl() {
        var seen = hearth.node("playwright.mjs", "http");

        assertBrowsed(seen);
        assertThat(seen.path("released").asText()).isEqualTo("COMPLETED");
    }

    @Test
    @Proves(
            client = StockClient.PLAYWRIGHT_JAVA,
            calls = {"connectOverCDP(ws URL)", "navigate", "screenshot"})
    void playwrightForJavaBrowsesAndTakesAPicture() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var body = "<!doctype html><title>local page</title>".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        var session = hearth.claim("{\"keepAlive\":true}");
        var options = new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"));
        try (var playwright = Playwright.create(options)) {
            var browser = playwright
                    .chromium()
                    .connectOverCDP(session.path("connectUrl").asText());
            var page = browser.contexts().getFirst().pages().getFirst();
            page.navigate("http://127.0.0.1:" + server.getAddress().getPort() + "/");
            assertThat(page.title()).isEqualTo("local page");
            assertThat(new String(page.screenshot(), StandardCharsets.ISO_8859_1))
                    .contains("PNG");
            browser.close();
        } finally {
            server.stop(0);
            hearth.release(session.path("id").asText());
        }
    }

    private static void assertBrowsed(JsonNode seen) {
        assertThat(seen.path("title").asText()).isEqualTo("local page");
        assertThat(seen.path("text").asText()).isEqualTo("clicked");
        assertThat(seen.path("png").asBoolean()).isTrue();
        assertThat(seen.path("pages").asInt()).isEqualTo(1);
    }
}
