package dev.hearth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.gateway.Claims;
import dev.hearth.gateway.WaitingRoom;
import dev.hearth.testing.Answers;
import dev.hearth.testing.FakeStore;
import dev.hearth.testing.GatewayProfile;
import dev.hearth.testing.LogLines;
import dev.hearth.testing.RawClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever looks into the log finds what became of each claim that waited. */
@QuarkusTest
@TestProfile(GatewayProfile.class)
@SuppressWarnings("NullAway.Init") // fields are set by the framework
class WaitingLogTest {
    private final LogLines lines = new LogLines(Claims.class);

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
    }

    @AfterEach
    void listenNoMore() {
        lines.close();
    }

    @Test
    @Answers("charts#278")
    void aClaimThatWaitedIsLoggedWithItsPlaceItsTimeAndItsOutcome() throws Exception {
        var patient = claim();
        await().until(() -> room.waiting() == 1);
        var leaving = claim();
        await().until(() -> room.waiting() == 2);

        leaving.close();

        await().untilAsserted(() -> assertThat(told())
                .singleElement()
                .asString()
                .contains("a claim waited", "project=team-a", "position=2", "waitedMillis=", "outcome=Left"));
        store.warm = 1;
        await().untilAsserted(() ->
                assertThat(told()).hasSize(2).last().asString().contains("position=1", "outcome=Granted"));
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

    private List<String> told() {
        return lines.seen().stream()
                .filter(line -> line.contains("a claim waited"))
                .toList();
    }
}
