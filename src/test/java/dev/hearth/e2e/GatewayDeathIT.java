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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two gateways, forty connections through one of them, and its death. Browsers are simulated: see GatewayDeathE2E. */
class GatewayDeathIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final String KEY = "key-of-the-orphans-shop";

    /** These clients answer no pings, and all forty are there only after minutes on a busy machine. */
    private static final List<String> OPTIONS = List.of("-Xmx384m", "-Dhearth.gateway.ping=300s");

    @Test
    @Answers("sdk-node#183")
    void fortyClientsComeBackAtTheOtherGatewayAndWhoDoesNotIsForgotten() throws Exception {
        var address = DATABASE.address();
        var directory = Files.createDirectories(Path.of("target/e2e/death"));
        var key = directory.resolve("gateway.pem");
        Files.deleteIfExists(key);
        var publicKeys = GatewayKeys.generate(key).publicKeys();
        try (var stores = Stores.open(StoreSettings.single(DATABASE.address().patiently(16)));
                var browsers = new SimulatedBrowsers(stores, address);
                var doomed = GatewayProcess.start(directory.resolve("doomed"), address, key, "eu", OPTIONS);
                var other = GatewayProcess.start(directory.resolve("other"), address, key, "eu", OPTIONS)) {
            stores.directory().putProject(new Directory.Project("shop", null, null));
            stores.directory().replaceKeys("shop", List.of(new Directory.Key(Sha256.of(KEY), "key…")));
            var clients = new ArrayList<Client>();
            for (var i = 0; i < 40; i++) {
                clients.add(new Client(stores, browsers, publicKeys, doomed.port(), i % 2 == 0));
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
                            .allMatch(client -> client.now(stores).endReason() == EndReason.CLIENT_DISCONNECTED));
            assertThat(away)
                    .as("a kept session waits for its client until its own end")
                    .filteredOn(client -> client.session.terms().keepAlive())
                    .allMatch(client -> client.now(stores).isLive());
            assertThat(other.metrics())
                    .as("the other gateway ended them")
                    .contains("hearth_sessions_ended_total{reason=\"ClientDisconnected\"} 5.0");
            for (var client : back) {
                assertThat(client.now(stores).isLive()).isTrue();
                client.talk();
            }
            for (var client : clients) {
                client.close();
            }
        }
    }

    private static final class Client {
        private final FakeAgent agent;
        private final Session session;
        private final URI url;
        private RawClient socket;

        Client(Stores stores, SimulatedBrowsers browsers, String publicKeys, int port, boolean keepAlive)
                throws Exception {
            agent = new FakeAgent(publicKeys);
            var pool = new Directory.Pool(
                    UUID.randomUUID(),
                    "shop",
                    "p" + agent.address().replaceAll("\\D", ""),
                    "eu",
                    List.of(),
                    List.of(),
                    FakeStore.TERMS,
                    true,
                    null);
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

        private RawClient connect(int port) throws IOException {
            var connecting = RawClient.open(port, url.getRawPath() + "?" + url.getRawQuery());
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

        Session now(Stores stores) {
            return stores.sessions().find("shop", session.id()).orElseThrow();
        }

        void close() throws IOException {
            socket.close();
            agent.close();
        }
    }
}
