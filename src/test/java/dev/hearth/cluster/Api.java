package dev.hearth.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hearth.app.CdpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A client outside the cluster. Each call takes a new connection, which any gateway may get. */
record Api(URI url, String key) {
    record Session(String id, URI connectUrl, String region) {
        static Session of(HttpResponse<String> answer) {
            var session = TestCluster.json(answer.body());
            return new Session(
                    session.path("id").asText(),
                    URI.create(session.path("connectUrl").asText()),
                    session.path("region").asText());
        }
    }

    HttpResponse<String> post(String path, String body) throws IOException {
        return send(HttpRequest.newBuilder(url.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** A claim that must succeed at once. */
    Session claim(String body) {
        try {
            var answer = post("/v1/sessions", body);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            return Session.of(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kept after its client leaves, for ten minutes. */
    Session keep(String pool) {
        return claim("{\"pool\":\"" + pool + "\",\"keepAlive\":true,\"timeout\":600}");
    }

    /** As SDKs do on a 503: for a machine that has more browsers to start than it can carry. */
    Session keepPatiently(String pool) {
        return Awaitility.await("a session of " + pool)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofSeconds(1))
                .pollDelay(Duration.ZERO)
                .ignoreException(AssertionError.class)
                .until(() -> keep(pool), kept -> true);
    }

    JsonNode session(String id) {
        try {
            return TestCluster.json(send(HttpRequest.newBuilder(url.resolve("/v1/sessions/" + id))
                            .GET())
                    .body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Asked for again where no gateway is reached: after an outage of its API server Kubernetes takes its nodes for lost,
     * and the gateways out of their Service, until each kubelet has reported.
     */
    void release(Session session) {
        var answer = Awaitility.await("an answer to the release of " + session.id())
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> post("/v1/sessions/" + session.id(), "{\"status\":\"REQUEST_RELEASE\"}"), any -> true);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    CdpClient connect(Session session) throws IOException {
        return CdpClient.connect(client(), session.connectUrl());
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try (var client = client()) {
            return client.send(
                    request.header("X-BB-API-Key", key)
                            .timeout(Duration.ofSeconds(15))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofMillis(700))
                .build();
    }
}
