package dev.hearth.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.HeartbeatStore.Report;
import dev.hearth.claim.HeartbeatStore.Silence;
import dev.hearth.claim.StoreException;
import dev.hearth.gateway.GatewayMetrics;
import dev.hearth.ingest.IngestServerTest.Agent;
import dev.hearth.testing.FakeStore;
import dev.hearth.wire.Beat;
import dev.hearth.wire.BeatReply;
import dev.hearth.wire.Message;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway that writes what is new, and vouches for the rest. */
@SuppressWarnings("NullAway.Init") // set before each test
class DeltaModeTest {
    private static final UUID BROWSER = new UUID(1, 1);

    private final FakeStore store = new FakeStore();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Vertx vertx;
    private IngestServer server;
    private Agent agent;
    private long sequence;

    @BeforeEach
    void aBrowserIsVouchedFor() throws Exception {
        vertx = Vertx.vertx();
        server = new IngestServer(
                vertx, store, new GatewayMetrics(meters), IngestServerTest.listening("127.0.0.1:0", IngestMode.DELTA));
        agent = new Agent(
                server.start().toCompletionStage().toCompletableFuture().join());
        store.beatTokens.put(BROWSER, "secret");
        agent.say(new Message.Hello(BROWSER, "pod", "secret"));
        assertThat(agent.hear()).isInstanceOf(Message.Welcome.class);
        beatUntilVouchedFor();
    }

    @AfterEach
    void stop() throws Exception {
        agent.close();
        server.stop().toCompletionStage().toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** A lane vouches for nobody before it has pulsed. */
    private void beatUntilVouchedFor() {
        await().pollInterval(Duration.ofMillis(100)).until(() -> {
            var before = written();
            beat();
            return written() == before;
        });
    }

    private BeatReply beat() throws IOException {
        return beat(Beat.Chrome.READY);
    }

    private BeatReply beat(Beat.Chrome chrome) throws IOException {
        say(chrome);
        var reply = ((Message.Reply) agent.hear()).reply();
        assertThat(reply.sequence()).isEqualTo(sequence);
        return reply;
    }

    private void say(Beat.Chrome chrome) throws IOException {
        sequence++;
        agent.say(new Message.Beating(new Beat(BROWSER, "pod", sequence, chrome, null, 7, 0, false, false, 0, 0)));
    }

    private int written() {
        return store.batches.stream().mapToInt(List::size).sum();
    }

    private long lastWritten() {
        return store.batches.getLast().stream()
                .mapToLong(Report::sequence)
                .max()
                .orElse(0);
    }

    @Test
    void aBeatThatSaysNothingNewIsAnsweredWithoutBeingWritten() {
        whileItIsVouchedFor(() -> {
            var before = written();
            var vouched = meters.counter("hearth.beats.vouched").count();
            for (var i = 0; i < 20; i++) {
                assertThat(beat()).isEqualTo(new BeatReply(BROWSER, sequence, 7, null, -1, 0, 0, false));
            }
            assertThat(written()).isEqualTo(before);
            assertThat(meters.counter("hearth.beats.vouched").count()).isEqualTo(vouched + 20);
        });
    }

    @Test
    void whatIsNewIsWrittenAndSoIsWhatFollowsUntilTheBrowserIsCalm() {
        whileItIsVouchedFor(() -> {
            for (var chrome : List.of(Beat.Chrome.FROZEN, Beat.Chrome.FROZEN, Beat.Chrome.READY)) {
                beat(chrome);
                assertThat(lastWritten()).isEqualTo(sequence);
            }
            beat();
            assertThat(lastWritten()).isEqualTo(sequence - 1);
        });
    }

    private interface Check {
        void run() throws IOException;
    }

    /** Once more where this machine stood still meanwhile: a gateway without a pulse for so long vouches for nobody. */
    private void whileItIsVouchedFor(Check check) {
        await().until(() -> {
            var begun = System.nanoTime();
            beatUntilVouchedFor();
            try {
                check.run();
                return true;
            } catch (AssertionError e) {
                // Its last pulse may be as old as one that is not late yet.
                if (System.nanoTime() - begun
                        < Duration.ofMillis(Vouched.PULSE_MILLIS - Vouched.LATE_PULSE_MILLIS)
                                .toNanos()) {
                    throw e;
                }
                return false;
            }
        });
    }

    @Test
    void aLineThatIsCutIsTold() throws Exception {
        assertThat(store.silences).isEmpty();
        agent.close();
        await().untilAsserted(() -> assertThat(store.silences)
                .extracting(Silence::browser, Silence::sequence)
                .containsExactly(tuple(BROWSER, sequence)));
    }

    @Test
    void aBrowserThatCameInAnewIsWritten() throws Exception {
        agent.say(new Message.Hello(BROWSER, "pod", "secret"));
        assertThat(agent.hear()).isInstanceOf(Message.Welcome.class);
        beat();
        assertThat(lastWritten()).isEqualTo(sequence);
    }

    @Test
    void aBrowserThatTheStoreWantsToHearOfIsWritten() {
        store.wanted.add(BROWSER);
        await().pollInterval(Duration.ofMillis(100)).until(() -> {
            beat();
            return lastWritten() == sequence;
        });
    }

    @Test
    void besideAGatewayThatDoesNotUnderstandItEveryBeatIsWritten() {
        store.understood = false;
        await().pollInterval(Duration.ofMillis(100)).until(() -> {
            beat();
            return lastWritten() == sequence;
        });
    }

    @Test
    void withoutTheStoreBeatsAreLeftUnansweredSoThatAgentsGoElsewhere() throws Exception {
        store.broken = StoreException.Kind.UNAVAILABLE;
        await().pollInterval(Duration.ofMillis(100)).until(() -> {
            say(Beat.Chrome.READY);
            return meters.get("hearth.beats.waiting").gauge().value() == 1;
        });
        store.broken = null;
        await().until(() -> ((Message.Reply) agent.hear()).reply().sequence() == sequence);
        assertThat(lastWritten()).isEqualTo(sequence);
    }
}
