package dev.hearth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.gateway.Claims;
import dev.hearth.gateway.WaitingRoom;
import dev.hearth.testing.Answers;
import dev.hearth.testing.FakeStore;
import dev.hearth.testing.GatewayProfile;
import dev.hearth.testing.RawClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever looks into the log finds what became of each claim that waited. */
@QuarkusTest
@TestProfile(GatewayProfile.class)
@SuppressWarnings("NullAway.Init") // fields are set by the framework
class WaitingLogTest {
    private final Logger logger = Logger.getLogger(Claims.class.getName());
    private final Lines lines = new Lines();

    @Inject
    FakeStore store;

    @Inject
    WaitingRoom room;

    @TestHTTPResource("/")
    URI base;

    @BeforeEach
    void anEmptyPool() {
        store.ofTeamA();
        store.warm = 0;
        logger.addHandler(lines);
    }

    @AfterEach
    void listenNoMore() {
        logger.removeHandler(lines);
    }

    @Test
    @Answers("charts#278")
    void aClaimThatWaitedIsLoggedWithItsPlaceItsTimeAndItsOutcome() throws Exception {
        var patient = claim();
        await().until(() -> room.waiting() == 1);
        var leaving = claim();
        await().until(() -> room.waiting() == 2);

        leaving.close();

        await().untilAsserted(() -> assertThat(lines.seen)
                .singleElement()
                .asString()
                .contains("a claim waited", "project=team-a", "position=2", "waitedMillis=", "outcome=Left"));
        store.warm = 1;
        await().untilAsserted(() ->
                assertThat(lines.seen).hasSize(2).last().asString().contains("position=1", "outcome=Granted"));
        patient.close();
    }

    private RawClient claim() throws Exception {
        var client = new RawClient(base.getPort());
        var body = "{\"waitTimeout\":60}";
        client.send("POST /v1/sessions HTTP/1.1\r\nHost: localhost:" + base.getPort()
                + "\r\nX-BB-API-Key: key-a\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body);
        return client;
    }

    private static final class Lines extends Handler {
        private final List<String> seen = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord line) {
            if (line.getMessage().contains("a claim waited")) {
                seen.add(line.getMessage());
            }
        }

        @Override
        public void flush() {
            // Nothing is buffered.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
