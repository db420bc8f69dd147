package dev.hearth.cdp;

import dev.hearth.gateway.LiveConnections;
import io.vertx.core.Context;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Every pump of this gateway by its session, so that it can be ended from outside. Safe from any thread. */
public final class Connections implements LiveConnections {
    private final ConcurrentHashMap<UUID, Set<Open>> bySession = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();

    /** A pump and the event loop that it lives on. Equal only to itself. */
    static final class Open {
        private final UUID session;
        private final Pump pump;
        private final Context loop;

        Open(UUID session, Pump pump, Context loop) {
            this.session = session;
            this.pump = pump;
            this.loop = loop;
        }

        private void end(CloseCode code) {
            loop.runOnContext(_ -> pump.end(code));
        }
    }

    void add(Open connection) {
        bySession.compute(connection.session, (_, known) -> {
            var all = known == null ? ConcurrentHashMap.<Open>newKeySet() : known;
            all.add(connection);
            return all;
        });
        count.incrementAndGet();
    }

    void remove(Open connection) {
        count.decrementAndGet();
        bySession.computeIfPresent(connection.session, (_, known) -> {
            known.remove(connection);
            return known.isEmpty() ? null : known;
        });
    }

    @Override
    public void sessionEnded(UUID session) {
        bySession.getOrDefault(session, Set.of()).forEach(one -> one.end(CloseCode.SESSION_ENDED));
    }

    @Override
    public void closeAll() {
        bySession.values().forEach(some -> some.forEach(one -> one.end(CloseCode.RESTART)));
    }

    @Override
    public int open() {
        return count.get();
    }
}
