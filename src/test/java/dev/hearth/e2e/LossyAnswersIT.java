package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hearth.claim.Directory;
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
import dev.hearth.testing.postgres.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A thousand claims whose answers are lost in three of ten cases, after the claim was made. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // fields are set before all tests
class LossyAnswersIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final int CLAIMS = 1_000;
    private static final int AT_ONCE = 50;
    private static final double LOST = 0.3;
    private static final String KEY = "lossy-key-of-the-shop";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Queue<RawClient> connected = new ConcurrentLinkedQueue<>();
    private Stores stores;
    private SimulatedBrowsers browsers;
    private FakeAgent agent;
    private GatewayProcess gateway;

    @BeforeAll
    void start() throws Exception {
        stores = Stores.open(StoreSettings.single(DATABASE.address().patiently(8)));
        stores.directory().putProject(new Directory.Project("shop", null, null));
        stores.directory().replaceKeys("shop", List.of(new Directory.Key(Sha256.of(KEY), "loss…")));
        var address = DATABASE.address();
        browsers = new SimulatedBrowsers(stores, address);
        var directory = Path.of("target/e2e/lossy");
        Files.createDirectories(directory);
        var key = directory.resolve("gateway.pem");
        Files.deleteIfExists(key);
        agent = new FakeAgent(GatewayKeys.generate(key).publicKeys());
        // Fifty clients at once on a busy machine: no claim is to be refused because a disk was slow.
        var patient = List.of("-Xmx384m", "-Dhearth.store.acquire-timeout=20s", "-Dhearth.store.socket-timeout=30s");
        gateway = GatewayProcess.start(directory, address, key, "eu", patient);
    }

    @AfterEach
    void disconnect() throws IOException {
        for (var client = connected.poll(); client != null; client = connected.poll()) {
            client.close();
        }
    }

    @AfterAll
    void stop() throws IOException {
        gateway.close();
        agent.close();
        browsers.close();
        stores.close();
    }

    @Test
    @Answers("selenium#14743")
    void afterTheConnectDeadlineExactlyThoseSessionsAreLeftThatAClientKnows() throws Exception {
        var pool = pool("plain", CLAIMS * 2);
        List<String> acknowledged;
        try (var proxy = new LossyProxy(gateway.port(), LOST, false)) {
            acknowledged = claimAndConnect(pool, new RetryingClient(proxy.port(), KEY, 2), false);
            assertThat(proxy.losses()).as("answers lost").isGreaterThan(CLAIMS / 5);
        }

        assertThat(acknowledged).as("three attempts reach almost everybody").hasSizeGreaterThan(CLAIMS * 9 / 10);
        assertThat(acknowledged).doesNotHaveDuplicates();
        await().atMost(Duration.ofSeconds(90))
                .untilAsserted(
                        () -> assertThat(browsers.live(pool.id())).containsExactlyInAnyOrderElementsOf(acknowledged));
        assertThat(browsers.strings(
                        "SELECT DISTINCT end_reason FROM hearth.session_history WHERE pool_id = '" + pool.id() + "'"))
                .as("nobody knew them, so nobody connected to them")
                .containsExactly("NeverConnected");
    }

    @Test
    void withAnIdempotencyKeyThereIsNeverASpareOne() throws Exception {
        var pool = pool("keyed", CLAIMS * 2);
        try (var proxy = new LossyProxy(gateway.port(), LOST, false)) {
            var acknowledged = claimAndConnect(pool, new RetryingClient(proxy.port(), KEY, 12), true);

            assertThat(proxy.losses()).isGreaterThan(CLAIMS / 5);
            assertThat(acknowledged).hasSize(CLAIMS).doesNotHaveDuplicates();
            assertThat(everMade(pool)).as("sessions ever made").isEqualTo(CLAIMS);
        }
    }

    /** What the test above must catch: a gateway that makes a session for each repetition. */
    @Test
    void aGatewayThatForgetsKeysIsCaught() throws Exception {
        var pool = pool("forgetful", CLAIMS * 2);
        try (var proxy = new LossyProxy(gateway.port(), LOST, true)) {
            var acknowledged = claimAndConnect(pool, new RetryingClient(proxy.port(), KEY, 12), true);

            assertThat(acknowledged).hasSize(CLAIMS);
            assertThat(everMade(pool)).as("sessions ever made").isGreaterThan(CLAIMS + CLAIMS / 5);
        }
    }

    private int everMade(Directory.Pool pool) {
        return Integer.parseInt(
                browsers.strings("SELECT count(*) FROM hearth.any_session WHERE pool_id = '" + pool.id() + "'")
                        .getFirst());
    }

    /** Each client connects as soon as it knows its session; returns the ids of the sessions that clients know. */
    private List<String> claimAndConnect(Directory.Pool pool, RetryingClient client, boolean keyed) throws Exception {
        var turns = new Semaphore(AT_ONCE);
        var known = new ArrayList<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<@Nullable String>>();
            for (var i = 0; i < CLAIMS; i++) {
                var key = keyed ? pool.name() + "-" + i : null;
                running.add(threads.submit(() -> {
                    turns.acquire();
                    try {
                        return one(client, pool.name(), key);
                    } finally {
                        turns.release();
                    }
                }));
            }
            for (var each : running) {
                var id = result(each);
                if (id != null) {
                    known.add(id);
                }
            }
        }
        return known;
    }

    private static @Nullable String result(Future<@Nullable String> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private @Nullable String one(RetryingClient client, String pool, @Nullable String key) throws Exception {
        // Who repeats with a key may have to wait for a minute, and must find his session alive then.
        var deadline = key == null ? 20 : 300;
        var answer =
                client.post("{\"pool\":\"" + pool + "\",\"keepAlive\":true,\"connectTimeout\":" + deadline + "}", key);
        if (answer.isEmpty()) {
            return null;
        }
        assertThat(answer.get().statusCode()).as(answer.get().body()).isEqualTo(201);
        var session = JSON.readTree(answer.get().body());
        var id = session.path("id").asText();
        var url = URI.create(session.path("connectUrl").asText());
        var socket = RawClient.open(gateway.port(), url.getRawPath() + "?" + url.getRawQuery());
        connected.add(socket);
        if (socket.status() != 101) {
            throw new AssertionError("the known session was refused: " + socket.status() + " " + socket.body());
        }
        browsers.beats(
                stores.sessions().find("shop", UUID.fromString(id)).orElseThrow(),
                () -> new SimulatedBrowsers.Standing(1, false));
        return id;
    }

    private Directory.Pool pool(String name, int warm) {
        var pool = new Directory.Pool(
                UUID.randomUUID(), "shop", name, "eu", List.of(), List.of(), FakeStore.TERMS, true, null);
        stores.directory().putPool(pool);
        browsers.warm(pool.id(), "shop", name, "eu", agent.address(), warm);
        return pool;
    }
}
