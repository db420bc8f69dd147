package dev.hearth.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hearth.bench.fleet.Latencies;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * Claims over HTTP at a fixed rate, each released at once: what a client feels beside other work. Open loop: a claim that
 * is late because the one before was slow counts from the instant it was due.
 */
record ClaimProbe(int port, String key, String pool, int perSecond) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param refused claims without a browser: where the store had no time for them */
    record Claimed(Latencies latencies, int refused) {}

    Claimed run(Duration time) throws InterruptedException {
        var claims = (int) (time.toSeconds() * perSecond);
        var took = new long[claims];
        try (var http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var begun = System.nanoTime();
            for (var n = 0; n < claims; n++) {
                var claim = n;
                var due = begun + n * 1_000_000_000L / perSecond;
                LockSupport.parkNanos(due - System.nanoTime());
                clients.execute(() -> {
                    try {
                        took[claim] = claimed(http, due);
                    } catch (IOException | InterruptedException | RuntimeException refused) {
                        took[claim] = -1;
                    }
                });
            }
        }
        var latencies = new Latencies();
        Arrays.stream(took).filter(nanos -> nanos >= 0).forEach(latencies::add);
        return new Claimed(latencies, claims - (int) latencies.count());
    }

    private long claimed(HttpClient http, long due) throws IOException, InterruptedException {
        var answer = post(http, "/v1/sessions", "{\"pool\":\"" + pool + "\",\"keepAlive\":true}");
        var took = System.nanoTime() - due;
        if (answer.statusCode() != 201) {
            throw new IllegalStateException(answer.body());
        }
        var id = JSON.readTree(answer.body()).path("id").asText();
        if (post(http, "/v1/sessions/" + id, "{\"status\":\"REQUEST_RELEASE\"}").statusCode() != 200) {
            throw new IllegalStateException("not released");
        }
        return took;
    }

    private HttpResponse<String> post(HttpClient http, String path, String body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("X-BB-API-Key", key)
                        .header("Content-Type", "application/json")
                        .timeout(Duration.ofSeconds(30))
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
