package dev.hearth.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The whole way of a client, once: claims over HTTP, opens a page over CDP, takes its picture and releases. It goes
 * through the same door as everyone else, so a light means that Hearth works.
 */
final class FirstLight {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PAGE = """
            <!doctype html><meta charset="utf-8"><title>Hearth</title>
            <body style="margin:0;display:grid;place-items:center;height:100vh;background:#1d1b1a;color:#ffb454;\
            font:600 64px system-ui,sans-serif">warm</body>""";

    /** Refusals in a row before something must be wrong. */
    private static final int PATIENCE = 20;

    private final URI url;
    private final String key;

    FirstLight(URI url, String key) {
        this.url = url;
        this.key = key;
    }

    /** @param claimMillis from the request to its answer @param firstReplyMillis from the request to the first CDP answer */
    record Light(String region, String session, long claimMillis, long firstReplyMillis, Path picture) {}

    Light shine(String region, Path picture) throws IOException, InterruptedException {
        try (var http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
            var request = "{\"region\":\"%s\",\"keepAlive\":true}".formatted(region);
            var started = System.nanoTime();
            var session = post(http, "/v1/sessions", request);
            var claimed = System.nanoTime();
            var id = session.path("id").asText();
            try (var browser = CdpClient.connect(
                    http, URI.create(session.path("connectUrl").asText()))) {
                var page = browser.attachToFirstPage();
                var replied = System.nanoTime();
                photograph(browser, page, picture);
                return new Light(
                        session.path("region").asText(),
                        id,
                        millis(claimed - started),
                        millis(replied - started),
                        picture);
            } finally {
                post(http, "/v1/sessions/" + id, "{\"status\":\"REQUEST_RELEASE\"}");
            }
        }
    }

    private static void photograph(CdpClient browser, String page, Path picture) throws IOException {
        var source = Base64.getEncoder().encodeToString(PAGE.getBytes(StandardCharsets.UTF_8));
        browser.call(page, "Page.enable", Map.of());
        browser.call(page, "Page.navigate", Map.of("url", "data:text/html;base64," + source));
        browser.call(
                page,
                "Runtime.evaluate",
                Map.of(
                        "expression",
                        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(document.title))))",
                        "awaitPromise",
                        true));
        var shot = browser.call(page, "Page.captureScreenshot", Map.of("format", "png"));
        Files.write(picture, Base64.getDecoder().decode(shot.path("data").asText()));
    }

    private JsonNode post(HttpClient http, String path, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(url.resolve(path))
                .header("X-BB-API-Key", key)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        var response = http.send(request, HttpResponse.BodyHandlers.ofString());
        // As any client should: where none is warm at this moment, come again when told to.
        for (var again = 0; response.statusCode() == 503 && again < PATIENCE; again++) {
            TimeUnit.SECONDS.sleep(
                    response.headers().firstValueAsLong("Retry-After").orElse(1));
            response = http.send(request, HttpResponse.BodyHandlers.ofString());
        }
        if (response.statusCode() / 100 != 2) {
            throw new IOException("POST " + path + " answered " + response.statusCode() + ": " + response.body());
        }
        return JSON.readTree(response.body());
    }

    private static long millis(long nanos) {
        return Duration.ofNanos(nanos).toMillis();
    }
}
