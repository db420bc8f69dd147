package dev.hearth.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.HeartbeatStore;
import dev.hearth.claim.HeartbeatStore.Fence;
import dev.hearth.claim.HeartbeatStore.Hello;
import dev.hearth.gateway.GatewayMetrics;
import dev.hearth.testing.FakeStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Of two shards one does not answer at all: the worst that it can do to those that wait for the other. */
class IngestShardsTest {
    private static final int SILENT = 1;

    private final Vertx vertx = Vertx.vertx();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Set<UUID> written = ConcurrentHashMap.newKeySet();
    private final HeartbeatStore store = new FakeStore() {
        @Override
        public int shard(UUID browser) {
            return (int) (browser.getLeastSignificantBits() & 1);
        }

        @Override
        public List<Optional<Fence>> admit(List<Hello> hellos) {
            assertThat(hellos.stream().map(hello -> shard(hello.browser())).distinct())
                    .as("of one shard")
                    .hasSize(1);
            silence(hellos.getFirst().browser());
            return super.admit(hellos);
        }

        @Override
        public int databases() {
            return 2;
        }

        @Override
        public List<Fence> record(List<Report> reports, boolean vouching) {
            assertThat(reports.stream().map(report -> shard(report.browser())).distinct())
                    .as("of one shard")
                    .hasSize(1);
            silence(reports.getFirst().browser());
            reports.forEach(report -> written.add(report.browser()));
            return super.record(reports, vouching);
        }

        private void silence(UUID browser) {
            try {
                if (shard(browser) == SILENT) {
                    over.await();
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    };

    @AfterEach
    void close() {
        over.countDown();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void whoKnocksAtAShardThatIsSilentKeepsNobodyElseAtTheDoor() {
        var doorman = new Doorman(store);
        doorman.start();
        var home = vertx.getOrCreateContext();
        var silent = doorman.admit(new Hello(new UUID(1, SILENT), "pod", new byte[32]), home);
        for (var i = 2; i < 20; i += 2) {
            var answer = doorman.admit(new Hello(new UUID(1, i), "pod", new byte[32]), home);
            await().until(answer::isComplete);
        }
        assertThat(silent.isComplete()).isFalse();
        over.countDown();
        await().until(silent::isComplete);
        doorman.stop();
    }

    @Test
    void theBeatsOfAShardThatIsSilentHoldUpNoOthers() {
        var server = new IngestServer(
                vertx, store, new GatewayMetrics(new SimpleMeterRegistry()), IngestServerTest.listening("127.0.0.1:0"));
        server.start().toCompletionStage().toCompletableFuture().join();
        var silent = new UUID(1, SILENT);
        server.beat(report(silent));
        for (var i = 2; i < 20; i += 2) {
            var browser = new UUID(1, i);
            server.beat(report(browser));
            await().until(() -> written.contains(browser));
        }
        assertThat(written).doesNotContain(silent);
        over.countDown();
        await().until(() -> written.contains(silent));
        server.stop().toCompletionStage().toCompletableFuture().join();
    }

    private static HeartbeatStore.Report report(UUID browser) {
        return new HeartbeatStore.Report(
                browser, "pod", 1, HeartbeatStore.Health.READY, Optional.empty(), 0, 0, false, false, 0, 0);
    }
}
