package dev.hearth.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Repeats as Browserbase's SDK does: on a lost connection, 408, 409, 429 and 5xx, unless x-should-retry says otherwise;
 * after Retry-After, else after 0.5 s · 2ⁿ up to 8 s, less up to a quarter by chance.
 */
record RetryingClient(int port, String apiKey, int retries) {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** The answer that arrived last; empty where none did. */
    Optional<HttpResponse<String>> post(String body, @Nullable String idempotencyKey) throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/sessions"))
                .header("X-BB-API-Key", apiKey)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(60))
                .POST(BodyPublishers.ofString(body));
        if (idempotencyKey != null) {
            request.header("Idempotency-Key", idempotencyKey);
        }
        for (var attempt = 0; ; attempt++) {
            var answer = once(request.build());
            if (attempt >= retries || !answer.map(RetryingClient::isRepeated).orElse(true)) {
                return answer;
            }
            Thread.sleep(pause(answer, attempt));
        }
    }

    private static Optional<HttpResponse<String>> once(HttpRequest request) throws InterruptedException {
        try {
            return Optional.of(HTTP.send(request, BodyHandlers.ofString()));
        } catch (IOException lost) {
            return Optional.empty();
        }
    }

    private static boolean isRepeated(HttpResponse<String> answer) {
        var status = answer.statusCode();
        return answer.headers()
                .firstValue("x-should-retry")
                .map(Boolean::valueOf)
                .orElse(status == 408 || status == 409 || status == 429 || status >= 500);
    }

    /** Not a wait for something to happen: the pause is what the client does. */
    private static Duration pause(Optional<HttpResponse<String>> answer, int attempt) {
        var asked = answer.flatMap(it -> it.headers().firstValue("Retry-After"))
                .map(Long::parseLong)
                .filter(seconds -> seconds < 60);
        if (asked.isPresent()) {
            return Duration.ofSeconds(asked.get());
        }
        var millis = Math.min(500L << attempt, 8_000L);
        return Duration.ofMillis(
                (long) (millis * (1 - ThreadLocalRandom.current().nextDouble() * 0.25)));
    }
}
