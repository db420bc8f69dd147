package dev.hearth.testing;

import dev.hearth.claim.ConnectionLog;
import dev.hearth.claim.Session;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The last connection of each session of a {@link FakeStore}, in memory. */
@Alternative
@Singleton
public class FakeConnectionLog implements ConnectionLog {
    private final FakeStore store;
    private final Map<UUID, Connection> last = new ConcurrentHashMap<>();

    public FakeConnectionLog(FakeStore store) {
        this.store = store;
    }

    @Override
    public void began(UUID session, UUID connection) {
        last.put(session, new Connection(connection, now(), null));
    }

    @Override
    public void ended(UUID session, UUID connection, Duration held) {
        last.computeIfPresent(
                session,
                (_, known) -> known.id().equals(connection)
                        ? new Connection(
                                connection, known.startedAt(), known.startedAt().plus(held))
                        : known);
    }

    @Override
    public Optional<Connection> last(UUID session) {
        return Optional.ofNullable(last.get(session));
    }

    @Override
    public List<Held> list(String project, Filter filter) {
        return store.sessions.values().stream()
                .filter(session -> session.project().equals(project))
                .filter(session -> session.metadata().equals(filter.metadata()))
                .filter(session -> filter.live() == null || filter.live() == session.isLive())
                .sorted(Comparator.comparing(Session::startedAt).reversed())
                .skip(filter.offset())
                .limit(filter.limit())
                .map(session -> new Held(session, last.get(session.id())))
                .toList();
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
