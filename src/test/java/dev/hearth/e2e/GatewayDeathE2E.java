package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hearth.app.CdpClient;
import dev.hearth.testing.Answers;
import dev.hearth.testing.GatewayProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A gateway dies without a word while real browsers' clients are connected through it. */
class GatewayDeathE2E {
    private final RunningHearth hearth = RunningHearth.shared();
    private final Pools pools = new Pools(hearth);

    @Test
    @Answers({"agent-browser#1792", "browserless-shutdown"})
    void theSameUrlsWorkAtAnotherGatewayWithTheirPagesAsTheyWere() throws Exception {
        pools.create("default", "orphaned", 3, 3);
        try (var doomed = GatewayProcess.start(
                Path.of("target/e2e/doomed"),
                hearth.database(),
                hearth.home().resolve("keys").resolve("gateway.pem"),
                "local-east")) {
            var kept = new Client(doomed, claim(doomed, true));
            var plain = new Client(doomed, claim(doomed, false));
            var gone = new Client(doomed, claim(doomed, false));

            doomed.kill();
            for (var client : new Client[] {kept, plain, gone}) {
                client.socket.closed().exceptionally(_ -> 1006).get(10, TimeUnit.SECONDS);
            }

            for (var client : new Client[] {kept, plain}) {
                assertThat(client.comeBack()).as("until its page answered").isLessThan(Duration.ofSeconds(3));
            }
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(
                                    hearth.session(gone.id()).path("endReason").asText())
                            .isEqualTo("ClientDisconnected"));
            for (var client : new Client[] {kept, plain}) {
                assertThat(hearth.session(client.id()).path("status").asText()).isEqualTo("RUNNING");
                assertThat(client.mark()).as("its page is still the same").isEqualTo(client.id());
                client.socket.close();
                hearth.release(client.id());
            }
        }
        pools.delete("default", "orphaned");
    }

    private JsonNode claim(GatewayProcess gateway, boolean keepAlive) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + "/v1/sessions"))
                .header("X-BB-API-Key", hearth.key())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"pool\":\"orphaned\",\"keepAlive\":" + keepAlive
                        + ",\"reconnectWindow\":15,\"waitTimeout\":60}"))
                .build();
        var answer = hearth.http().send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return RunningHearth.json(answer);
    }

    /** A client whose page knows its session's id. */
    private final class Client {
        private final JsonNode session;
        private CdpClient socket;
        private String page;

        Client(GatewayProcess gateway, JsonNode session) throws IOException {
            this.session = session;
            this.socket = connect(gateway.port());
            this.page = socket.attachToFirstPage();
            socket.call(page, "Runtime.evaluate", Map.of("expression", "window.mark = '" + id() + "'"));
        }

        String id() {
            return session.path("id").asText();
        }

        String mark() throws IOException {
            return socket.call(page, "Runtime.evaluate", Map.of("expression", "window.mark"))
                    .path("result")
                    .path("value")
                    .asText();
        }

        /** To the gateway that lives; returns how long it took. */
        Duration comeBack() throws IOException {
            var begun = System.nanoTime();
            socket = connect(hearth.url().getPort());
            page = socket.attachToFirstPage();
            assertThat(mark()).isEqualTo(id());
            return Duration.ofNanos(System.nanoTime() - begun);
        }

        /** The same URL, as a load balancer would take it to another gateway. */
        private CdpClient connect(int port) throws IOException {
            var url = URI.create(session.path("connectUrl").asText());
            return CdpClient.connect(
                    hearth.http(), URI.create("ws://127.0.0.1:" + port + url.getRawPath() + "?" + url.getRawQuery()));
        }
    }
}
