package dev.hearth.e2e;

import dev.hearth.app.CdpClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A session that is never idle, asked all the time through the same gateway: how long a command takes on this machine just
 * now. What is lost though the canary was quick, the product lost.
 */
final class Canary implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final RunningHearth hearth;
    private final String session;
    private final CdpClient browser;
    private final ScheduledExecutorService asking = Executors.newSingleThreadScheduledExecutor();
    private final Queue<Trip> trips = new ConcurrentLinkedQueue<>();
    private volatile long begun;

    private record Trip(long begun, long ended) {}

    private Canary(RunningHearth hearth, String session, CdpClient browser) {
        this.hearth = hearth;
        this.session = session;
        this.browser = browser;
    }

    static Canary of(RunningHearth hearth) throws IOException {
        var claimed = hearth.claim("{\"keepAlive\":true}");
        var browser = CdpClient.connect(
                hearth.http(), URI.create(claimed.path("connectUrl").asText()));
        var canary = new Canary(hearth, claimed.path("id").asText(), browser);
        canary.begun = System.nanoTime();
        canary.asking.scheduleWithFixedDelay(canary::ask, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        return canary;
    }

    private void ask() {
        try {
            browser.call(null, "Browser.getVersion", Map.of());
        } catch (IOException e) {
            throw new IllegalStateException("the canary is dead", e);
        }
        var ended = System.nanoTime();
        trips.add(new Trip(begun, ended));
        // With the pause after it: a command of somebody else's may be held up from within it.
        begun = ended;
    }

    /** The longest from one answer to the next, at that instant or since. */
    Duration slowestSince(long nanos) {
        var longest = System.nanoTime() - begun;
        for (var trip : trips) {
            if (trip.ended() >= nanos) {
                longest = Math.max(longest, trip.ended() - trip.begun());
            }
        }
        return Duration.ofNanos(longest);
    }

    @Override
    public void close() {
        asking.shutdownNow();
        browser.close();
        hearth.release(session);
    }
}
