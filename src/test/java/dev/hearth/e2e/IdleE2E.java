package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hearth.app.CdpClient;
import dev.hearth.testing.Answers;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An idle session ends by its deadline, and never in the moment at which its next command comes. */
class IdleE2E {
    private static final Duration IDLE = Duration.ofSeconds(3);
    /** From the last command to the deadline that it still meets. */
    private static final int[] MILLIS_BEFORE = {300, 250, 200, 150, 300, 250, 200, 150};
    /** What is sent later than this before the deadline proves nothing if it does not arrive in time. */
    private static final Duration CLOSEST = Duration.ofMillis(100);

    /** Of the two seconds that are promised the parts take up to 1.2. */
    private static final Duration STOOD_STILL = Duration.ofMillis(400);

    private final RunningHearth hearth = RunningHearth.shared();

    /** @param sent the last command was not yet @param answered it was surely */
    private record Used(Instant sent, Instant answered, int closeCode) {}

    @Test
    @Answers("docker-selenium#2129")
    void commandsShortlyBeforeTheDeadlineKeepASessionAndSilenceEndsItWithinTwoSeconds() throws Exception {
        try (var canary = Canary.of(hearth)) {
            for (var attempt = 0; attempt < 3; attempt++) {
                var session = hearth.claim("{\"keepAlive\":true,\"idleTimeout\":" + IDLE.toSeconds() + "}");
                var used = used(session, canary);
                if (used != null) {
                    assertEndedInTime(session.path("id").asText(), used);
                    return;
                }
                hearth.release(session.path("id").asText());
            }
        }
        throw new AssertionError("this machine never sent a command in time");
    }

    /** Its agent hears of it with a beat, up to 5 s after the claim. */
    @Test
    void aSessionThatNobodyCameToEndsWithinTwoSecondsToo() throws Exception {
        var idle = Duration.ofSeconds(6);
        try (var canary = Canary.of(hearth)) {
            for (var attempt = 0; attempt < 3; attempt++) {
                var begun = System.nanoTime();
                var claimed = hearth.claim("{\"keepAlive\":true,\"idleTimeout\":" + idle.toSeconds() + "}");
                var over = await().atMost(Duration.ofSeconds(30))
                        .until(() -> hearth.session(claimed.path("id").asText()), found -> found.has("endReason"));

                assertThat(over.path("endReason").asText()).isEqualTo("Idle");
                var late = Duration.between(
                        Instant.parse(over.path("createdAt").asText()).plus(idle),
                        Instant.parse(over.path("endedAt").asText()));
                assertThat(late).isGreaterThanOrEqualTo(Duration.ZERO);
                if (late.compareTo(Duration.ofSeconds(2)) < 0) {
                    return;
                }
                assertThat(canary.slowestSince(begun)).as("ended %s late", late).isGreaterThan(STOOD_STILL);
            }
        }
        throw new AssertionError("this machine stood still each time");
    }

    /** Null where this machine was late with a command: that it lost the session would be right. */
    private @Nullable Used used(JsonNode session, Canary canary) throws Exception {
        try (var browser = CdpClient.connect(
                hearth.http(), URI.create(session.path("connectUrl").asText()))) {
            var sent = System.nanoTime();
            ask(browser);
            for (var millis : MILLIS_BEFORE) {
                var deadline = sent + IDLE.toNanos();
                pauseUntil(deadline - TimeUnit.MILLISECONDS.toNanos(millis));
                sent = System.nanoTime();
                try {
                    ask(browser);
                } catch (IOException lost) {
                    var left = Duration.ofNanos(deadline - sent);
                    if (left.compareTo(CLOSEST) < 0 || canary.slowestSince(sent).compareTo(left) > 0) {
                        return null;
                    }
                    throw lost;
                }
            }
            var lastSent = Instant.now();
            ask(browser);
            var answered = Instant.now();
            return new Used(lastSent, answered, browser.closed().get(10, TimeUnit.SECONDS));
        }
    }

    private void assertEndedInTime(String id, Used used) {
        var over = await().until(() -> hearth.session(id), found -> found.has("endReason"));

        assertThat(over.path("endReason").asText()).isEqualTo("Idle");
        assertThat(Instant.parse(over.path("endedAt").asText()))
                .as("last command %s", used)
                .isAfterOrEqualTo(used.sent().plus(IDLE))
                .isBefore(used.answered().plus(IDLE).plusSeconds(2));
        assertThat(used.closeCode()).isEqualTo(4003);
        System.out.println("ended "
                + Duration.between(
                                used.answered().plus(IDLE),
                                Instant.parse(over.path("endedAt").asText()))
                        .toMillis()
                + " ms after the deadline");
    }

    private static void ask(CdpClient browser) throws IOException {
        browser.call(null, "Browser.getVersion", Map.of());
    }

    private static void pauseUntil(long nanos) {
        var left = Duration.ofNanos(nanos - System.nanoTime());
        if (left.isPositive()) {
            await().pollDelay(left).until(() -> true);
        }
    }
}
