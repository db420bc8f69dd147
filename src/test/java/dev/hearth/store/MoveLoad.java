package dev.hearth.store;

import static dev.hearth.store.TwoShards.EU;
import static dev.hearth.store.TwoShards.US;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimOutcome.Failed;
import dev.hearth.claim.ClaimOutcome.Granted;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionStore.Ending;
import dev.hearth.claim.StoreException;
import dev.hearth.claim.StoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** Clients of two processes that claim in both regions and give every third session back, and remember what they were told. */
final class MoveLoad implements AutoCloseable {
    private static final int BROWSERS = 4_000;
    private static final int CLIENTS = 4;

    private final TwoShards world;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final Map<UUID, Session> live = new ConcurrentHashMap<>();
    private final Map<UUID, Session> over = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> complaints = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> clients = new ArrayList<>();

    MoveLoad(TwoShards world, List<Stores> processes) {
        this.world = world;
        for (var region : List.of(US, EU)) {
            world.fill(region, BROWSERS);
            for (var process : processes) {
                for (var n = 0; n < CLIENTS; n++) {
                    clients.add(threads.submit(() -> claims(process, region)));
                }
            }
        }
    }

    private void claims(Stores process, String region) {
        for (var n = 0; !stop.get(); n++) {
            if (claimed(process, region) instanceof Granted(var session, var _)) {
                live.put(session.id(), session);
                if (n % 3 == 0) {
                    giveBack(process, session);
                }
            }
        }
    }

    private ClaimOutcome claimed(Stores process, String region) {
        try {
            return process.claims().claim(List.of(world.request(null, region))).getFirst();
        } catch (StoreException e) {
            if (region.equals(EU) || e.kind() != Kind.UNAVAILABLE) {
                complaints.add("a claim in " + region + " was answered " + why(e));
            }
            return new Failed(e);
        }
    }

    private void giveBack(Stores process, Session session) {
        while (true) {
            try {
                if (!(process.sessions().end(session.id(), "shop", EndReason.RELEASED) instanceof Ending.Ended)) {
                    complaints.add("the live session " + session.id() + " was not found to be ended");
                }
                live.remove(session.id());
                over.put(session.id(), session);
                return;
            } catch (StoreException e) {
                if (e.kind() != Kind.UNAVAILABLE || stop.get()) {
                    complaints.add("an ending was answered " + why(e));
                    return;
                }
            }
        }
    }

    private static String why(Throwable failure) {
        var cause = failure.getCause();
        return failure.getMessage() + (cause == null ? "" : ": " + why(cause));
    }

    /** Now, in the region that moves. */
    void giveOneBack() {
        giveBack(
                world.stores,
                live.values().stream()
                        .filter(it -> it.region().equals(US))
                        .findFirst()
                        .orElseThrow());
    }

    private int granted() {
        return (int) live.values().stream().filter(it -> it.region().equals(US)).count();
    }

    void awaitSessions(int number) {
        await().atMost(Duration.ofSeconds(60)).until(() -> granted() >= number || !complaints.isEmpty());
    }

    void stop() throws Exception {
        stop.set(true);
        for (var client : clients) {
            client.get();
        }
    }

    /** What clients were told and is not so, and what they should not have been told. */
    List<String> lost() {
        var lost = new ArrayList<>(complaints);
        live.values().stream()
                .filter(it -> !world.stores.sessions().find("shop", it.id()).equals(java.util.Optional.of(it)))
                .forEach(it -> lost.add("live " + it.id() + " is not, or is another"));
        over.keySet().stream()
                .filter(id -> world.stores
                        .sessions()
                        .find("shop", id)
                        .map(Session::isLive)
                        .orElse(true))
                .forEach(id -> lost.add("ended " + id + " is not in the history"));
        return lost;
    }

    @Override
    public void close() {
        stop.set(true);
        threads.close();
    }
}
