package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.wire.Grant;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The agent as a process of its own beside a real Chromium: grants, epochs, clients that stay and clients that go. */
class AgentIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    @Test
    void joinsAClientToChromeAndTellsWhatItDoes() {
        try (var pod = Pod.ready(home)) {
            assertThat(TestSocket.open(pod.port)
                            .request("GET", "/readyz", Map.of())
                            .status())
                    .isEqualTo(200);
            var client = pod.connect(pod.grant(Grant.Kind.CLIENT, 1, true));
            assertThat(client.status()).isEqualTo(101);
            assertThat(client.evaluate("6*7")).contains("\"value\":42");
            await().untilAsserted(() -> {
                var beat = pod.ingest.newest();
                assertThat(beat.connections()).isEqualTo(1);
                assertThat(beat.connected()).isTrue();
                assertThat(beat.epoch()).isEqualTo(1);
                assertThat(beat.session()).isEqualTo(pod.session);
            });
            client.sayClose();
            await().untilAsserted(() -> {
                var beat = pod.ingest.newest();
                assertThat(beat.connections()).isZero();
                assertThat(beat.left()).isTrue();
                assertThat(beat.commands()).isEqualTo(3);
            });
            assertThat(pod.log()).doesNotContain("secret-token");
        }
    }
}
