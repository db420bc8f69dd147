package dev.hearth.app;

import dev.hearth.gateway.GatewayConfig;
import dev.hearth.gateway.GatewayDuties;
import dev.hearth.gateway.LaggingRegions;
import dev.hearth.gateway.RolesConfig;
import dev.hearth.gateway.WaitingRoom;
import dev.hearth.http.Answering;
import dev.hearth.ingest.IngestServer;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Starts and stops what a gateway does besides answering requests, where this process plays the role. */
@Singleton
final class GatewayRole {
    /** Longer than the database may take for a claim that had begun; a stop must not hang on a client that reads nothing. */
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(2);

    private final RolesConfig roles;
    private final GatewayConfig config;
    private final GatewayDuties duties;
    private final IngestServer ingest;
    private final LaggingRegions lagging;
    private final WaitingRoom room;
    private final Answering answering;

    GatewayRole(
            RolesConfig roles,
            GatewayConfig config,
            GatewayDuties duties,
            IngestServer ingest,
            LaggingRegions lagging,
            WaitingRoom room,
            Answering answering) {
        this.roles = roles;
        this.config = config;
        this.duties = duties;
        this.ingest = ingest;
        this.lagging = lagging;
        this.room = room;
        this.answering = answering;
    }

    void start(@Observes @Priority(2000) StartupEvent event) throws Exception {
        if (roles.gateway()) {
            ingest.start().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
            duties.start();
            lagging.start(ingest::lags);
        }
    }

    /** While the HTTP server still listens: by the time of the {@link ShutdownEvent} it has cut every client off. */
    void drain(@Observes ShutdownDelayInitiatedEvent event) throws InterruptedException {
        if (roles.gateway()) {
            duties.stop(config.drain());
            letAnswersGo();
        }
    }

    /** Who waits for a browser is refused by now, and what came last is being answered. */
    private void letAnswersGo() throws InterruptedException {
        var until = System.nanoTime() + LAST_ANSWERS.toNanos();
        // An answer that is no one's turn any more is not yet written: twice nobody is enough time for that.
        for (var calm = 0; calm < 2 && System.nanoTime() < until; ) {
            TimeUnit.MILLISECONDS.sleep(50);
            calm = answering.open() + room.waiting() == 0 ? calm + 1 : 0;
        }
    }

    void stop(@Observes @Priority(100) ShutdownEvent event) throws Exception {
        if (roles.gateway()) {
            lagging.stop();
            try {
                ingest.stop().toCompletionStage().toCompletableFuture().get(2, TimeUnit.SECONDS);
            } catch (TimeoutException slow) {
                // Agents keep their newest state and dial the next gateway.
                return;
            }
        }
    }
}
