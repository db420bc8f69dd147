package dev.hearth.bench;

import dev.hearth.bench.PlainConnection.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** A client that asks again, at another gateway, until it is told: as SDKs do, but for longer. */
final class StubbornClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long PAUSE_NANOS = 50_000_000;

    private final IntSupplier nextGateway;
    private final boolean keyed;
    private @Nullable PlainConnection connection;
    private long repeated;

    /** @param keyed sends an Idempotency-Key, so that what was asked twice is done once */
    StubbornClient(IntSupplier nextGateway, boolean keyed) {
        this.nextGateway = nextGateway;
        this.keyed = keyed;
    }

    /** The granted session; null: it was told that no browser is warm. */
    @Nullable
    UUID claim() throws IOException {
        var header = keyed ? "Idempotency-Key: " + UUID.randomUUID() + "\r\n" : "";
        var answer = ask("/v1/sessions", HttpContender.CLAIM, header);
        if (answer.isNoneWarm()) {
            return null;
        }
        if (answer.status() != 201) {
            throw new IOException("voids the run: " + answer);
        }
        return HttpContender.session(answer);
    }

    /** Ended, now or before. */
    Answer release(UUID session) throws IOException {
        return ask("/v1/sessions/" + session, HttpContender.RELEASE, "");
    }

    long repeated() {
        return repeated;
    }

    private Answer ask(String path, String body, String headers) throws IOException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                if (connection == null) {
                    connection = PlainConnection.to(nextGateway.getAsInt());
                }
                var answer = connection.post(path, body, headers);
                if (answer.isNoneWarm() || (answer.status() < 500 && answer.status() != 409)) {
                    return answer;
                }
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("voids the run: " + answer + " for " + PATIENCE.toSeconds() + " s");
                }
            } catch (IOException lost) {
                close();
                connection = null;
                if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
                    throw lost;
                }
            }
            repeated++;
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    @Override
    public void close() throws IOException {
        if (connection != null) {
            connection.close();
        }
    }
}
