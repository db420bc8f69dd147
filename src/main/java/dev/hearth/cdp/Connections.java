package dev.hearth.cdp;

import dev.hearth.gateway.LiveConnections;
import io.vertx.core.Context;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Every pump of this gateway by its session, so that it can be ended from outside. Safe from any thread. */
public final class Connections implements LiveConnections {
    private final ConcurrentHashMap<UUID, Set<Open>> bySession = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();

    /**
     * A connection from before its 101 to its end, and the event loop that it lives on. Registered first and given its
     * pump later, so that an end between the two is not lost. Equal only to itself.
     */
    static final class Open {
        private final UUID session;
        private final Context loop;
        private @Nullable Pump pump;
        private @Nullable CloseCode due;

        Open(UUID session, Context loop) {
            this.session = session;
            this.loop = loop;
        }

        /** On the event loop, once the pump runs. */
        void joined(Pump running) {
            pump = running;
            if (due != null) {
                running.end(due);
            }
        }

        private void end(CloseCode code) {
            loop.runOnContext(_ -> {
                if (pump == null) {
                    due = code;
                } else {
                    pump.end(code);
                }
            });
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
