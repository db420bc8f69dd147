package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.Directory;
import dev.hearth.gateway.GatewayKeys;
import dev.hearth.local.postgres.EmbeddedPostgres;
import dev.hearth.store.StoreSettings;
import dev.hearth.store.Stores;
import dev.hearth.testing.FakeStore;
import dev.hearth.testing.GatewayProcess;
import dev.hearth.testing.postgres.DatabaseAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gateways that do not write all beats, with browsers that beat for real, and what kills them. */
@SuppressWarnings("NullAway.Init") // set before each test
class VouchingGatewaysIT {
    private static final List<String> OPTIONS = List.of("-Xmx384m", "-Dhearth.ingest.mode=delta");
    private static final Pattern VOUCHED = Pattern.compile("(?m)^hearth_beats_vouched_total ([0-9.]+)$");
    private static final int BROWSERS = 50;

    @TempDir
    Path dir;

    private final UUID pool = UUID.randomUUID();
    private EmbeddedPostgres server;
    private DatabaseAddress database;
    private Path key;
    private int virtualShard;
    private GatewayProcess gateway;

    @BeforeEach
    void aGatewayWithAPool() throws IOException {
        server = EmbeddedPostgres.start(dir.resolve("postgres"));
        database = DatabaseAddress.of(server);
        key = dir.resolve("gateway.pem");
        GatewayKeys.generate(key);
        try (var stores = Stores.open(StoreSettings.single(database.patiently(16)))) {
            stores.directory().putProject(new Directory.Project("shop", null, null));
            stores.directory()
                    .putPool(new Directory.Pool(
                            pool, "shop", "web", "eu", List.of(), List.of(), FakeStore.TERMS, true, null));
            virtualShard = stores.virtualShard("eu");
        }
        gateway = gateway("first");
    }

    @AfterEach
    void close() {
        gateway.close();
        server.close();
    }

    private GatewayProcess gateway(String name) {
        return GatewayProcess.start(dir.resolve(name), database, key, "eu", OPTIONS);
    }

    private BeatingBrowsers beating() throws IOException {
        return new BeatingBrowsers(database, pool, "web", "eu", virtualShard, BROWSERS, gateway.ingestPort());
    }

    private int claimable(BeatingBrowsers browsers) {
        return Integer.parseInt(database.strings("SELECT count(*) FROM hearth.browser WHERE claimable AND id = ANY ('"
                        + browsers.ids() + "'::uuid[])")
                .getFirst());
    }

    private static double vouched(GatewayProcess gateway) {
        var metric = VOUCHED.matcher(gateway.metrics());
        assertThat(metric.find()).isTrue();
        return Double.parseDouble(metric.group(1));
    }

    private void awaitVouchedFor(int browsers) {
        await().atMost(Duration.ofSeconds(30)).until(() -> vouched(gateway) >= browsers);
    }

    @Test
    void browsersThatDieWithTheirGatewayLeaveTheClaimIn15SecondsAndThoseThatComeInElsewhereNever() throws Exception {
        try (var lost = beating();
                var saved = beating();
                var other = gateway("other")) {
            awaitVouchedFor(3 * BROWSERS);
            gateway.kill();
            lost.close();
            saved.moveTo(other.ingestPort());

            var died = System.nanoTime();
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                assertThat(claimable(saved)).isEqualTo(BROWSERS);
                return claimable(lost) == 0;
            });
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - died)).isBetween(9L, 17L);
            var before = vouched(other);
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                assertThat(claimable(saved)).isEqualTo(BROWSERS);
                return vouched(other) >= before + BROWSERS;
            });
        }
    }

    @Test
    void afterPostgresCrashedAllAreHeardAgainBeforeAnyoneCountsAsSilent() throws Exception {
        try (var browsers = beating()) {
            awaitVouchedFor(2 * BROWSERS);
            assertThat(new ProcessBuilder("kill", "-9", Long.toString(server.pid()))
                            .start()
                            .waitFor())
                    .isZero();
            var port = server.port();
            server.close();
            server = EmbeddedPostgres.start(dir.resolve("postgres"), port);

            var back = System.nanoTime();
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                assertThat(claimable(browsers)).isEqualTo(BROWSERS);
                return System.nanoTime() - back > TimeUnit.SECONDS.toNanos(20);
            });
            assertThat(database.strings(
                            "SELECT count(*) FROM hearth.liveness WHERE sequence > 0 AND vouched_by IS NOT NULL"))
                    .containsExactly(Integer.toString(BROWSERS));
            assertThat(Files.readString(dir.resolve("first/gateway.log"))).doesNotContain("ERROR");
        }
    }
}
