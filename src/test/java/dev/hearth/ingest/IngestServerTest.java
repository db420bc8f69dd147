package dev.hearth.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.HeartbeatStore.Health;
import dev.hearth.claim.HeartbeatStore.Report;
import dev.hearth.claim.StoreException;
import dev.hearth.gateway.GatewayMetrics;
import dev.hearth.testing.FakeStore;
import dev.hearth.wire.Beat;
import dev.hearth.wire.Message;
import dev.hearth.wire.MessageCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init") // set before each test
class IngestServerTest {
    private static final int BATCH = 120;

    private final FakeStore store = new FakeStore();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Vertx vertx;
    private IngestServer server;
    private int port;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        server = new IngestServer(vertx, store, new GatewayMetrics(meters), listening("127.0.0.1:0"));
        port = server.start().toCompletionStage().toCompletableFuture().join();
    }

    @AfterEach
    void stop() {
        server.stop().toCompletionStage().toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void welcomesABrowserAndAnswersItsBeatsWithFences() throws Exception {
        var browser = known("secret");
        try (var agent = new Agent(port)) {
            agent.say(new Message.Hello(browser, "pod", "secret"));
            assertThat(agent.hear()).isInstanceOf(Message.Welcome.class);
            agent.say(new Message.Beating(beat(browser, "pod", 5, Beat.Chrome.READY)));
            assertThat(agent.hear()).isInstanceOfSatisfying(Message.Reply.class, reply -> {
                assertThat(reply.reply().sequence()).isEqualTo(5);
                assertThat(reply.reply().epoch()).isEqualTo(7);
            });
        }
        assertThat(store.batches.getFirst().getFirst().health()).isEqualTo(Health.READY);
    }

    @Test
    void writesManyBrowsersOfOneLineTogether() throws Exception {
        var browsers = IntStream.range(0, 300).mapToObj(_ -> known("t")).toList();
        try (var agent = new Agent(port)) {
            for (var browser : browsers) {
                agent.say(new Message.Hello(browser, "pod", "t"));
            }
            for (var _ : browsers) {
                assertThat(agent.hear()).isInstanceOf(Message.Welcome.class);
            }
            for (var browser : browsers) {
                agent.say(new Message.Beating(beat(browser, "pod", 1, Beat.Chrome.READY)));
            }
            for (var _ : browsers) {
                assertThat(agent.hear()).isInstanceOf(Message.Reply.class);
            }
        }
        assertThat(store.batches).allMatch(batch -> batch.size() <= BATCH);
        assertThat(store.batches.stream().mapToInt(List::size).sum()).isEqualTo(300);
        assertThat(meters.counter("hearth.beats").count()).isEqualTo(300);
    }

    @Test
    void asksTheStoreOnceForAllThatWaitAtTheDoorAndLetsEachInByItsOwnToken() throws Exception {
        var right = IntStream.range(0, 200).mapToObj(_ -> known("right")).toList();
        var wrong = known("wrong");
        try (var agent = new Agent(port);
                var stranger = new Agent(port)) {
            for (var browser : right) {
                agent.say(new Message.Hello(browser, "pod", "right"));
            }
            stranger.say(new Message.Hello(wrong, "pod", "right"));
            for (var browser : right) {
                assertThat(agent.hear())
                        .isInstanceOfSatisfying(
                                Message.Welcome.class,
                                welcome -> assertThat(welcome.state().browser()).isEqualTo(browser));
            }
            assertThat(stranger.hear()).isInstanceOf(Message.Refused.class);
        }
    }

    @Test
    void hangsUpWhenNobodyCanBeAskedAboutAHello() throws Exception {
        var browser = known("secret");
        store.broken = StoreException.Kind.UNAVAILABLE;
        try (var agent = new Agent(port)) {
            agent.say(new Message.Hello(browser, "pod", "secret"));
            assertThat(agent.hungUp()).isTrue();
        }
        store.broken = null;
        try (var agent = new Agent(port)) {
            agent.say(new Message.Hello(browser, "pod", "secret"));
            assertThat(agent.hear()).isInstanceOf(Message.Welcome.class);
        }
    }

    @Test
    void countsBeatsThatNewerOnesReplacedAndShowsWhatWaits() throws Exception {
        var browser = known("secret");
        try (var agent = new Agent(port)) {
            agent.say(new Message.Hello(browser, "pod", "secret"));
            assertThat(agent.hear()).isInstanceOf(Message.Welcome.class);
            store.broken = StoreException.Kind.UNAVAILABLE;
            for (var sequence = 1; sequence <= 20; sequence++) {
                agent.say(new Message.Beating(beat(browser, "pod", sequence, Beat.Chrome.READY)));
            }
            await().untilAsserted(() -> {
                assertThat(meters.counter("hearth.beats.replaced").count()).isGreaterThanOrEqualTo(18);
                assertThat(meters.get("hearth.beats.waiting").gauge().value()).isEqualTo(1);
            });
            store.broken = null;
        }
        assertThat(meters.counter("hearth.beats.shed").count()).isZero();
    }

    @Test
    void hangsUpOnAWrongToken() throws Exception {
        var browser = known("secret");
        try (var agent = new Agent(port)) {
            agent.say(new Message.Hello(browser, "pod", "guess"));
            assertThat(agent.hear()).isInstanceOf(Message.Refused.class);
            assertThat(agent.hungUp()).isTrue();
        }
    }

    @Test
    void hangsUpOnBeatsOfBrowsersThatSaidNoHelloHere() throws Exception {
        var browser = known("secret");
        var other = known("secret");
        for (var beat :
                List.of(beat(other, "pod", 1, Beat.Chrome.READY), beat(browser, "other", 1, Beat.Chrome.READY))) {
            try (var agent = new Agent(port)) {
                agent.say(new Message.Hello(browser, "pod", "secret"));
                assertThat(agent.hear()).isInstanceOf(Message.Welcome.class);
                agent.say(new Message.Beating(beat));
                assertThat(agent.hungUp()).isTrue();
            }
        }
        assertThat(store.batches).isEmpty();
    }

    @Test
    void hangsUpOnGarbageAndOnEndlessLines() throws Exception {
        for (var bytes : List.of("hello\n", "{\"t\":\"welcome\"}\n", "{\"t\":{}}\n", "x".repeat(5_000))) {
            try (var agent = new Agent(port)) {
                agent.send(bytes.getBytes(StandardCharsets.UTF_8));
                assertThat(agent.hungUp()).isTrue();
            }
        }
    }

    @Test
    void keepsTheNewestBeatWhileTheStoreIsAway() throws Exception {
        var browser = known("secret");
        try (var agent = new Agent(port)) {
            agent.say(new Message.Hello(browser, "pod", "secret"));
            assertThat(agent.hear()).isInstanceOf(Message.Welcome.class);
            store.broken = StoreException.Kind.UNAVAILABLE;
            for (var sequence = 1; sequence <= 20; sequence++) {
                agent.say(new Message.Beating(beat(browser, "pod", sequence, Beat.Chrome.READY)));
            }
            await().during(Duration.ofMillis(300)).until(store.batches::isEmpty);
            store.broken = null;
            assertThat(agent.hear())
                    .isInstanceOfSatisfying(
                            Message.Reply.class,
                            reply -> assertThat(reply.reply().sequence()).isEqualTo(20));
        }
        assertThat(store.batches.stream().flatMap(List::stream).map(Report::sequence))
                .containsExactly(20L);
    }

    @Test
    void writesTheLastWordOfABrowserThatDied() throws Exception {
        var browser = known("secret");
        try (var agent = new Agent(port)) {
            agent.say(new Message.Hello(browser, "pod", "secret"));
            assertThat(agent.hear()).isInstanceOf(Message.Welcome.class);
            agent.say(new Message.Beating(beat(browser, "pod", 1, Beat.Chrome.GONE)));
        }
        await().untilAsserted(() -> assertThat(
                        store.batches.stream().flatMap(List::stream).map(Report::health))
                .containsExactly(Health.GONE));
    }

    @Test
    void tellsABrowserThatIsKnownNoLonger() throws Exception {
        var browser = known("secret");
        try (var agent = new Agent(port)) {
            agent.say(new Message.Hello(browser, "pod", "secret"));
            assertThat(agent.hear()).isInstanceOf(Message.Welcome.class);
            store.beatTokens.clear();
            agent.say(new Message.Beating(beat(browser, "pod", 1, Beat.Chrome.READY)));
            assertThat(agent.hear()).isInstanceOf(Message.Refused.class);
        }
    }

    @Test
    void saysWhatIsWrongWithItsAddress() {
        for (var listen : List.of("8081", ":8081", "localhost:http")) {
            var failed = new IngestServer(vertx, store, new GatewayMetrics(meters), listening(listen)).start();
            assertThat(failed.cause()).hasMessageContaining("hearth.ingest.listen is '" + listen + "'");
        }
    }

    private UUID known(String token) {
        var browser = UUID.randomUUID();
        store.beatTokens.put(browser, token);
        return browser;
    }

    private static Beat beat(UUID browser, String pod, long sequence, Beat.Chrome chrome) {
        return new Beat(browser, pod, sequence, chrome, null, 7, 0, false, false, 0, 0);
    }

    static IngestConfig listening(String listen) {
        return listening(listen, IngestMode.FULL);
    }

    static IngestConfig listening(String listen, IngestMode mode) {
        return new IngestConfig() {
            @Override
            public IngestMode mode() {
                return mode;
            }

            @Override
            public String listen() {
                return listen;
            }

            @Override
            public int writers() {
                return 2;
            }

            @Override
            public int batch() {
                return BATCH;
            }

            @Override
            public int room() {
                return 1_000;
            }
        };
    }

    static final class Agent implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        Agent(int port) throws IOException {
            socket = new Socket("127.0.0.1", port);
            socket.setSoTimeout(10_000);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        void say(Message message) throws IOException {
            send(MessageCodec.encode(message));
        }

        void send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        Message hear() throws IOException {
            var line = Objects.requireNonNull(in.readLine(), "hung up").getBytes(StandardCharsets.UTF_8);
            return MessageCodec.decode(line, 0, line.length);
        }

        boolean hungUp() {
            return Stream.of(in)
                    .map(reader -> {
                        try {
                            return reader.readLine() == null;
                        } catch (IOException reset) {
                            return true;
                        }
                    })
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
