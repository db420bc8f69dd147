package dev.hearth.agent;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The session that this browser obeys: its epoch and what its clients did. A higher epoch begins a new record's worth of
 * facts; nothing of the older one is kept.
 */
final class SessionRecord {
    private boolean welcomed;
    private boolean ended;
    private boolean between;
    private long epoch;
    private @Nullable UUID session;
    private boolean connected;
    private boolean left;
    private long commands;
    private long proxyBytes;
    private long activeAt;
    private long allowedIdleMillis;

    /** @param since when the session began, as far as is known; its idleness counts from then */
    void adopt(long newEpoch, @Nullable UUID newSession, long since) {
        welcomed = true;
        epoch = newEpoch;
        session = newSession;
        connected = false;
        left = false;
        commands = 0;
        proxyBytes = 0;
        activeAt = since;
        allowedIdleMillis = 0;
    }

    /** Postgres' word, which a grant does not carry. 0: for ever. */
    void mayIdle(long millis) {
        allowedIdleMillis = millis;
    }

    void end() {
        ended = true;
    }

    /** The session is over, the browser is not: until it is renewed it is nobody's. */
    void endForNow() {
        ended = true;
        between = true;
    }

    /** A new Chrome waits for the next session. */
    void renew(long newEpoch, long since) {
        ended = false;
        between = false;
        adopt(newEpoch, null, since);
    }

    /** Of who is about to be joined to Chrome the next command is on its way. */
    void clientComes(long now) {
        activeAt = now;
    }

    void clientConnected(long now) {
        connected = true;
        left = false;
        activeAt = now;
    }

    /** The last client is gone: by its own will, or by accident. */
    void clientsGone(boolean byTheirWill) {
        left = byTheirWill;
    }

    void command(long now) {
        commands++;
        activeAt = now;
    }

    /** Through the guard, either way. */
    void passed(int bytes) {
        proxyBytes += bytes;
    }

    boolean welcomed() {
        return welcomed;
    }

    boolean ended() {
        return ended;
    }

    long epoch() {
        return epoch;
    }

    @Nullable
    UUID session() {
        return session;
    }

    /** Whether a new Chrome is awaited after a session. What is told of the session meanwhile is its last. */
    boolean between() {
        return between;
    }

    boolean inSession() {
        return session != null && !between;
    }

    boolean connected() {
        return connected;
    }

    boolean left() {
        return left;
    }

    long commands() {
        return commands;
    }

    long proxyBytes() {
        return proxyBytes;
    }

    long idleMillis(long now) {
        return session == null ? 0 : (now - activeAt) / 1_000_000;
    }

    /** Until no command has come for as long as is allowed, negative when that has passed; empty where it is for ever. */
    Optional<Duration> untilIdle(long now) {
        return session == null || allowedIdleMillis == 0
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(allowedIdleMillis).minusNanos(now - activeAt));
    }
}
