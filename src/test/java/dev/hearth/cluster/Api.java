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

    /** As SDKs do on a 503: asks again until a browser is warm. A test's browsers may just have been taken by another. */
    Session claim(String body) {
        return granted(Awaitility.await("an answer but 503 to " + body)
                .atMost(TestCluster.PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .pollDelay(Duration.ZERO)
                .until(() -> post("/v1/sessions", body), answer -> answer.statusCode() != 503));
    }

    /** Kept after its client leaves, for ten minutes. */
    Session keep(String pool) {
        return claim(kept(pool));
    }

    /** As {@link #keep}, where the first answer must be a session. */
    Session keepAtOnce(String pool) throws IOException {
        return granted(post("/v1/sessions", kept(pool)));
    }

    private static Session granted(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Session.of(answer);
    }

    private static String kept(String pool) {
        return "{\"pool\":\"" + pool + "\",\"keepAlive\":true,\"timeout\":600}";
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
