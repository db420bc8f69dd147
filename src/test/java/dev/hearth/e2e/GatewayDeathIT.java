package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.Directory;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.claim.Sha256;
import dev.hearth.gateway.GatewayKeys;
import dev.hearth.store.StoreSettings;
import dev.hearth.store.Stores;
import dev.hearth.testing.Answers;
import dev.hearth.testing.FakeAgent;
import dev.hearth.testing.FakeStore;
import dev.hearth.testing.GatewayProcess;
import dev.hearth.testing.RawClient;
import dev.hearth.testing.SimulatedBrowsers;
import dev.hearth.testing.SimulatedBrowsers.Standing;
import dev.hearth.testing.postgres.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two gateways, forty connections through one of them, and its death, or its stop. Browsers are simulated: see GatewayDeathE2E. */
class GatewayDeathIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final String KEY = "key-of-the-orphans-shop";

    /** These clients answer no pings, and all forty are there only after minutes on a busy machine. */
    private static final List<String> OPTIONS = List.of("-Xmx384m", "-Dhearth.gateway.ping=300s");

    private final Path directory = Path.of("target/e2e/death");
    private Path key;
    private String publicKeys;
    private Stores stores;
    private SimulatedBrowsers browsers;

    @BeforeEach
    void aShop() throws Exception {
        key = Files.createDirectories(directory).resolve("gateway.pem");
        Files.deleteIfExists(key);
        publicKeys = GatewayKeys.generate(key).publicKeys();
        stores = Stores.open(StoreSettings.single(DATABASE.address().patiently(16)));
        browsers = new SimulatedBrowsers(stores, DATABASE.address());
        stores.directory().putProject(new Directory.Project("shop", null, null));
        stores.directory().replaceKeys("shop", List.of(new Directory.Key(Sha256.of(KEY), "key…")));
    }

    @AfterEach
    void close() {
        browsers.close();
        stores.close();
    }

    private GatewayProcess gateway(String name, String... more) {
        var options = Stream.concat(OPTIONS.stream(), Stream.of(more)).toList();
        return GatewayProcess.start(directory.resolve(name), DATABASE.address(), key, "eu", options);
    }

    @Test
    @Answers("sdk-node#183")
    void fortyClientsComeBackAtTheOtherGatewayAndWhoDoesNotIsForgotten() throws Exception {
        try (var doomed = gateway("doomed");
                var other = gateway("other")) {
            var clients = new ArrayList<Client>();
            for (var i = 0; i < 40; i++) {
                clients.add(new Client(doomed.port(), i % 2 == 0));
            }
            assertThat(clients).allMatch(client -> client.agent.open.get() == 1);

            doomed.kill();
            for (var client : clients) {
                assertThat(client.socket.atEnd()).isTrue();
            }

            // The last five of each kind stay away.
            var back = clients.subList(0, 30);
            for (var client : back) {
                var begun = System.nanoTime();
                client.comeBack(other.port());
                assertThat(Duration.ofNanos(System.nanoTime() - begun))
                        .as("until its browser answers")
                        .isLessThan(Duration.ofSeconds(3));
            }

            var away = clients.subList(30, 40);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(away)
                            .filteredOn(client -> !client.session.terms().keepAlive())
                            .allMatch(client -> client.now().endReason() == EndReason.CLIENT_DISCONNECTED));
            assertThat(away)
                    .as("a kept session waits for its client until its own end")
                    .filteredOn(client -> client.session.terms().keepAlive())
                    .allMatch(client -> client.now().isLive());
            assertThat(other.metrics())
                    .as("the other gateway ended them")
                    .contains("hearth_sessions_ended_total{reason=\"ClientDisconnected\"} 5.0");
            for (var client : back) {
                assertThat(client.now().isLive()).isTrue();
                client.talk();
            }
            for (var client : clients) {
                client.close();
            }
        }
    }

    @Test
    @Answers("cloudflare-puppeteer#90")
    void aGatewayThatStopsSendsWhoComesToTheNextAndKeepsWhoIsThere() throws Exception {
        try (var stopping = gateway("stopping", "-Dhearth.gateway.drain=10m");
                var next = gateway("next")) {
            var there = new Client(stopping.port(), true);
            var coming = new Client(stopping.port(), true);
            coming.socket.close();

            stopping.stop();
            await().atMost(Duration.ofSeconds(15)).until(() -> isRefused(coming, stopping));
            try (var refused = coming.handshake(stopping.port())) {
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.header("retry-after")).isEqualTo("1");
                assertThat(refused.body()).contains("\"code\":\"draining\"");
            }
            var claim =
                    new RetryingClient(stopping.port(), KEY, 0).post("{}", null).orElseThrow();
            assertThat(claim.body()).contains("\"code\":\"draining\"");
            coming.comeBack(next.port());

            there.talk();
            there.close();
            assertThat(stopping.awaitEnd(Duration.ofSeconds(30)))
                    .as("it ends with its last client")
                    .isTrue();
            coming.talk();
            coming.close();
        }
    }

    @Test
    void whoWaitsForABrowserIsSentToTheNextGateway() throws Exception {
        stores.directory().putPool(pool("empty"));
        try (var stopping = gateway("left", "-Dhearth.gateway.drain=10m");
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = threads.submit(() ->
                    new RetryingClient(stopping.port(), KEY, 0).post("{\"pool\":\"empty\",\"waitTimeout\":55}", null));
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            stopping.metrics().lines().anyMatch(line -> line.matches("hearth_waiting(\\{.*})? 1.0")));

            stopping.stop();

            var answer = asked.get().orElseThrow();
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("\"code\":\"draining\"");
            assertThat(answer.headers().firstValue("retry-after")).contains("1");
            assertThat(stopping.awaitEnd(Duration.ofSeconds(30))).isTrue();
        }
    }

    private static Directory.Pool pool(String name) {
        return new Directory.Pool(
                UUID.randomUUID(), "shop", name, "eu", List.of(), List.of(), FakeStore.TERMS, true, null);
    }

    private static boolean isRefused(Client client, GatewayProcess gateway) throws IOException {
        try (var handshake = client.handshake(gateway.port())) {
            return handshake.status() != 101;
        }
    }

    private final class Client {
        private final FakeAgent agent;
        private final Session session;
        private final URI url;
        private RawClient socket;

        Client(int port, boolean keepAlive) throws Exception {
            agent = new FakeAgent(publicKeys);
            var pool = pool("p" + agent.address().replaceAll("\\D", ""));
            stores.directory().putPool(pool);
            browsers.warm(pool.id(), "shop", pool.name(), "eu", agent.address(), 1);
            var answer = new RetryingClient(port, KEY, 2)
                    .post(
                            "{\"pool\":\"" + pool.name() + "\",\"reconnectWindow\":12,\"keepAlive\":" + keepAlive + "}",
                            null)
                    .orElseThrow();
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            var made = RunningHearth.json(answer);
            session = stores.sessions()
                    .find("shop", UUID.fromString(made.path("id").asText()))
                    .orElseThrow();
            url = URI.create(made.path("connectUrl").asText());
            socket = connect(port);
            browsers.beats(session, () -> new Standing(agent.open.get(), agent.events.contains("close 4000")));
            talk();
        }

        RawClient handshake(int port) throws IOException {
            return RawClient.open(port, url.getRawPath() + "?" + url.getRawQuery());
        }

        private RawClient connect(int port) throws IOException {
            var connecting = handshake(port);
            assertThat(connecting.status()).isEqualTo(101);
            return connecting;
        }

        void comeBack(int port) throws IOException {
            socket.close();
            socket = connect(port);
            talk();
        }

        void talk() throws IOException {
            socket.sendText("hello");
            assertThat(socket.message().text()).isEqualTo("hello");
        }

        Session now() {
            return stores.sessions().find("shop", session.id()).orElseThrow();
        }

        void close() throws IOException {
            socket.close();
            agent.close();
        }
    }
}
