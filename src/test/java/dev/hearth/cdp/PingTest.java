package dev.hearth.cdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.Session;
import dev.hearth.claim.WantedTerms;
import dev.hearth.testing.Answers;
import dev.hearth.testing.FrequentPingsProfile;
import dev.hearth.testing.RawClient;
import dev.hearth.testing.WebSocketBytes;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.inject.Inject;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is cut for not answering, and who is not. */
@QuarkusTest
@TestProfile(FrequentPingsProfile.class)
@SuppressWarnings("NullAway.Init") // fields are set by the framework and before each test
class PingTest extends OnOneBrowser {
    @Inject
    Vertx vertx;

    private Session session;

    @BeforeEach
    void oneSession() {
        session = claim(WantedTerms.NONE);
    }

    @Test
    @Answers("ingress-nginx#2917")
    void aClientThatAnswersNoPingIsLost() throws Exception {
        try (var client = open()) {
            assertThat(client.frame().opcode()).isEqualTo(9);
            await().untilAsserted(() -> assertThat(agent.open).hasValue(0));
            assertThat(agent.events).doesNotContain("close 4000");
            assertThat(Objects.requireNonNull(store.sessions.get(session.id())).isLive())
                    .isTrue();
        }
    }

    /** Pings that were due meanwhile are one ping, not as many proofs that the client is gone. */
    @Test
    void aGatewayThatStoodStillCutsNoClientThatAnswers() throws Exception {
        try (var client = open()) {
            standStill(3_000);
            for (var pings = 0; pings < 4; pings++) {
                var ping = client.frame();
                assertThat(ping.opcode()).isEqualTo(9);
                client.send(WebSocketBytes.frame(true, 10, ping.payload(), true));
            }
            client.sendText("{\"id\":7}");
            assertThat(client.message().text()).isEqualTo("{\"id\":7}");
        }
    }

    private RawClient open() throws Exception {
        var client = RawClient.open(base.getPort(), "/sessions/" + session.id() + "?token=" + keys.token(session.id()));
        assertThat(client.status()).isEqualTo(101);
        return client;
    }

    /** As a machine that was suspended: nothing is read and no timer runs. */
    private void standStill(long millis) throws InterruptedException {
        var still = new CountDownLatch(1);
        for (var loop : ((VertxInternal) vertx).getEventLoopGroup()) {
            loop.execute(() -> assertThat(outlast(still, millis)).isFalse());
        }
        outlast(still, millis);
    }

    private static boolean outlast(CountDownLatch never, long millis) {
        try {
            return never.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
