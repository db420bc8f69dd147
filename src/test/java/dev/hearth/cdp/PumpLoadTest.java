package dev.hearth.cdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.Session;
import dev.hearth.claim.WantedTerms;
import dev.hearth.testing.Answers;
import dev.hearth.testing.GatewayProfile;
import dev.hearth.testing.RawClient;
import dev.hearth.testing.WebSocketBytes;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(GatewayProfile.class)
@SuppressWarnings("NullAway.Init") // fields are set by the framework and before each test
class PumpLoadTest extends OnOneBrowser {
    @Test
    @Answers("slicc#474")
    void holdsASlowReadersBrowserBackInsteadOfFillingTheHeap() throws Exception {
        try (var client = RawClient.open(base.getPort(), url(claim(WantedTerms.NONE)))) {
            var before = heapInUse();
            client.sendText("flood 200");
            // Until the sockets are full nothing is read here; then what more there is must wait in the fake's socket.
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
            assertThat(heapInUse() - before)
                    .as("bytes of heap for 200 MiB to a slow reader")
                    .isLessThan(16 << 20);
            for (var i = 0; i < 200; i++) {
                assertThat(client.message().payload()).hasSize(1 << 20);
            }
        }
    }

    @Test
    @Answers({"lightpanda#2716", "slicc#474"})
    void carriesNinetyMegabytesEachWay() throws Exception {
        try (var client = RawClient.open(base.getPort(), url(claim(WantedTerms.NONE)))) {
            var payload = new byte[90 << 20];
            payload[payload.length - 1] = 7;
            var frame = WebSocketBytes.frame(true, 1, payload, true);
            var sender = Thread.ofVirtual().start(() -> {
                try {
                    client.send(frame);
                } catch (java.io.IOException broken) {
                    throw new java.io.UncheckedIOException(broken);
                }
            });
            assertThat(client.message().payload()).isEqualTo(payload);
            sender.join();
        }
    }

    @Test
    void aThousandClientsComeAndGoAndLeaveNothing() throws Exception {
        var session = claim(WantedTerms.NONE);
        for (var i = 0; i < 50; i++) {
            visit(session);
        }
        await().untilAsserted(() -> assertThat(connections.open()).isZero());
        // Timers of the warm-up's goodbyes run out first.
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
        var files = openFiles();
        var heap = heapInUse();
        for (var i = 0; i < 1_000; i++) {
            visit(session);
        }
        await().untilAsserted(() -> assertThat(connections.open()).isZero());
        await().untilAsserted(() -> assertThat(agent.open).hasValue(0));
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(
                        () -> assertThat(openFiles() - files).as("open files").isLessThan(10));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(heapInUse() - heap)
                        .as("heap after 1,000 visits")
                        .isLessThan(8 << 20));
    }

    private void visit(Session session) throws Exception {
        try (var client = RawClient.open(base.getPort(), url(session))) {
            client.sendText("hello");
            assertThat(client.message().text()).isEqualTo("hello");
        }
    }

    private static long openFiles() {
        return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
    }

    /** After collections, so that only what is reachable counts. */
    private static long heapInUse() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
