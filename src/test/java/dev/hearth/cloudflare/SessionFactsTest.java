package dev.hearth.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.ConnectionLog.Connection;
import dev.hearth.claim.ConnectionLog.Held;
import dev.hearth.claim.Connections;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionIds;
import dev.hearth.claim.SessionTerms;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SessionFactsTest {
    private static final Instant MADE = Instant.ofEpochMilli(1_795_000_000_000L);
    private static final UUID ID = SessionIds.mint(0, MADE);

    @Test
    void aNewSessionIsItsMakersForTenSeconds() {
        var early = SessionFacts.of(new Held(session(null), null), MADE.plusMillis(9_999));
        assertThat(early.connectionId()).isEqualTo(ID.toString());
        assertThat(early.connectionStartTime()).isEqualTo(MADE.toEpochMilli());
        var late = SessionFacts.of(new Held(session(null), null), MADE.plusMillis(10_000));
        assertThat(late.connectionId()).isNull();
        assertThat(late.connectionStartTime()).isNull();
    }

    @Test
    void aSessionIsFreeAsSoonAsItsClientLeft() {
        var connection = UUID.randomUUID();
        var held = SessionFacts.of(
                new Held(session(null), new Connection(connection, MADE.plusMillis(5), null)), MADE.plusMillis(9));
        assertThat(held.connectionId()).isEqualTo(connection.toString());
        assertThat(held.connectionEndTime()).isNull();
        var left = SessionFacts.of(
                new Held(session(null), new Connection(connection, MADE.plusMillis(5), MADE.plusMillis(8))),
                MADE.plusMillis(9));
        assertThat(left.connectionId()).isNull();
    }

    @Test
    void anEndedSessionShowsItsLastConnectionAndWhy() {
        var ended = SessionFacts.of(
                new Held(
                        session(EndReason.IDLE),
                        new Connection(UUID.randomUUID(), MADE.plusMillis(5), MADE.plusMillis(8))),
                MADE.plusSeconds(90),
                "ws://gateway.example/x");
        assertThat(ended.connectionEndTime()).isEqualTo(MADE.toEpochMilli() + 8);
        assertThat(ended.endTime()).isEqualTo(MADE.toEpochMilli() + 60_000);
        assertThat(ended.closeReason()).isEqualTo(2);
        assertThat(ended.webSocketDebuggerUrl()).isNull();
        assertThat(SessionFacts.of(new Held(session(EndReason.IDLE), null), MADE)
                        .connectionId())
                .isNull();
    }

    private static Session session(@Nullable EndReason reason) {
        return new Session(
                ID,
                "team",
                UUID.randomUUID(),
                "team",
                "web",
                "eu-west",
                null,
                UUID.randomUUID(),
                "pod",
                "pod-uid",
                "127.0.0.1:1",
                1,
                new SessionTerms(
                        Duration.ofHours(6),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(30),
                        true,
                        Connections.EXCLUSIVE),
                CloudflareFace.MARK,
                MADE,
                MADE.plusSeconds(21_600),
                MADE,
                reason == null ? null : MADE.plusSeconds(60),
                reason);
    }
}
