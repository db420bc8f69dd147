package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.testing.Answers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What is refused, and that it is refused before any socket opens. */
class RefusalsE2E {
    private final RunningHearth hearth = RunningHearth.shared();

    @Test
    void aMissingOrWrongKeyIsRefused() throws Exception {
        var missing = hearth.http()
                .send(
                        HttpRequest.newBuilder(hearth.url().resolve("/v1/sessions"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(missing.statusCode()).isEqualTo(401);
        assertThat(missing.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(RunningHearth.json(missing).path("code").asText()).isEqualTo("auth-missing");

        assertThat(upgrade("/?apiKey=hearth_wrong")).isEqualTo(401);
    }

    @Test
    @Answers("browserless#350")
    void anUnknownSessionAndAForgedTokenAreRefusedBeforeTheSocketOpens() {
        assertThat(upgrade("/sessions/" + UUID.randomUUID() + "?token=x")).isIn(401, 404);
        var session = hearth.claim("{\"keepAlive\":true}");
        var id = session.path("id").asText();
        assertThat(upgrade("/sessions/" + id + "?token=forged")).isEqualTo(401);
        assertThat(upgrade("/sessions/" + id)).isEqualTo(401);
        hearth.release(id);
    }

    @Test
    @Answers({"docker-selenium#1503", "steel-browser#74"})
    void anEndedSessionIsGone() {
        var session = hearth.claim("{\"keepAlive\":true}");
        hearth.release(session.path("id").asText());

        var url = URI.create(session.path("connectUrl").asText());
        assertThat(upgrade(url.getRawPath() + "?" + url.getRawQuery())).isEqualTo(410);
    }

    @Test
    @Answers("sandbox-operator#33")
    void anEmptyPoolSaysWhenToTryAgain() {
        var pools = new Pools(hearth);
        pools.create("default", "empty", 0, 1);

        var refused = hearth.post("/v1/sessions", "{\"pool\":\"empty\"}");

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValueAsLong("Retry-After")).isPresent();
        assertThat(RunningHearth.json(refused).path("code").asText()).isEqualTo("pool-exhausted");
        pools.delete("default", "empty");
    }

    @Test
    void aTypoIsNamedWithWhatWasMeant() {
        var refused = hearth.post("/v1/sessions", "{\"regoin\":\"local-east\"}");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(RunningHearth.json(refused).path("detail").asText()).contains("regoin", "region");
    }

    @Test
    void aForeignOriginIsRefused() {
        assertThatThrownBy(() -> hearth.http()
                        .newWebSocketBuilder()
                        .header("Origin", "https://evil.example")
                        .buildAsync(socket("/?apiKey=" + hearth.key()), new WebSocket.Listener() {})
                        .join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        refused ->
                                assertThat(refused.getResponse().statusCode()).isEqualTo(403));
    }

    private URI socket(String path) {
        return URI.create("ws://" + hearth.url().getAuthority() + path);
    }

    /** The status that the upgrade was answered with instead of 101. */
    private int upgrade(String path) {
        try (var http = HttpClient.newHttpClient()) {
            http.newWebSocketBuilder()
                    .buildAsync(socket(path), new WebSocket.Listener() {})
                    .join()
                    .abort();
            return 101;
        } catch (CompletionException failed) {
            assertThat(failed.getCause()).isInstanceOf(WebSocketHandshakeException.class);
            return ((WebSocketHandshakeException) failed.getCause())
                    .getResponse()
                    .statusCode();
        }
    }
}
