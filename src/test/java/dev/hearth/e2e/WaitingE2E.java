package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.app.CdpClient;
import dev.hearth.testing.Answers;
import dev.hearth.testing.RawClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** One real browser and several who want it. */
class WaitingE2E {
    private final RunningHearth hearth = RunningHearth.shared();
    private final Pools pools = new Pools(hearth);

    @Test
    @Answers({"selenium#3022", "browserless#5436"})
    void whoWaitsGetsTheNextBrowserAndWhoLeavesGetsNone() throws Exception {
        var begun = Instant.now();
        pools.create("default", "single", 1, 1);
        var first = RunningHearth.json(claim(60).get(60, TimeUnit.SECONDS));

        var refused = hearth.post("/v1/sessions", "{\"pool\":\"single\"}");
        assertThat(refused.statusCode()).as("without a wait").isEqualTo(503);
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 60L);
        var leaving = leaver();
        var waiting = claim(120);
        // Whoever is third in the line has both of them before him.
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            claim(1).get(60, TimeUnit.SECONDS);
            return log().contains("position=3");
        });
        leaving.close();
        await().atMost(Duration.ofSeconds(30)).until(() -> log().contains("outcome=Left"));
        assertThat(waiting).isNotDone();
        var released = Instant.now();
        hearth.release(first.path("id").asText());

        var answer = waiting.get(120, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.headers().firstValue("hearth-wait-timeout")).contains("120");
        var second = RunningHearth.json(answer);
        var started = Instant.parse(second.path("startedAt").asText());
        assertThat(started).as("time runs from the claim").isAfter(released.minusMillis(100));
        assertThat(Duration.between(
                        started, Instant.parse(second.path("expiresAt").asText())))
                .isEqualTo(Duration.ofSeconds(90));
        try (var browser = CdpClient.connect(
                hearth.http(), URI.create(second.path("connectUrl").asText()))) {
            assertThat(browser.call(null, "Browser.getVersion", Map.of())
                            .path("product")
                            .asText())
                    .contains("Chrome");
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !hearth.session(second.path("id").asText())
                        .path("status")
                        .asText()
                        .equals("RUNNING"));
        pools.awaitWarm("default", "single", 1);
        assertThat(sessionsOfSingleSince(begun))
                .as("the client that left has made none")
                .isEqualTo(2);
        pools.delete("default", "single");
    }

    private String log() throws IOException {
        return Files.readString(hearth.home().resolve("log").resolve("hearth.log"));
    }

    private CompletableFuture<HttpResponse<String>> claim(int wait) {
        var request = HttpRequest.newBuilder(hearth.url().resolve("/v1/sessions"))
                .header("X-BB-API-Key", hearth.key())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"pool\":\"single\",\"timeout\":90,\"waitTimeout\":" + wait + "}"))
                .build();
        return hearth.http().sendAsync(request, BodyHandlers.ofString());
    }

    /** Stands in the line until it is closed. */
    private RawClient leaver() throws Exception {
        var client = new RawClient(hearth.url().getPort());
        var body = "{\"pool\":\"single\",\"waitTimeout\":120}";
        client.send("POST /v1/sessions HTTP/1.1\r\nHost: 127.0.0.1:"
                + hearth.url().getPort() + "\r\nX-BB-API-Key: "
                + hearth.key() + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body);
        return client;
    }

    /** The database of this checkout may remember earlier runs. */
    private long sessionsOfSingleSince(Instant begun) {
        return StreamSupport.stream(
                        RunningHearth.json(hearth.get("/v1/sessions?limit=1000"))
                                .spliterator(),
                        false)
                .filter(session -> session.path("pool").asText().equals("default/single"))
                .filter(session ->
                        !Instant.parse(session.path("startedAt").asText()).isBefore(begun))
                .count();
    }
}
