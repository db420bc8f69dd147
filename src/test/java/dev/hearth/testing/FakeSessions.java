package dev.hearth.testing;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.ClaimStore;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionCensus;
import dev.hearth.claim.SessionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Claims and sessions in memory, on the browsers of a {@link FakeSupplyStore}. */
public final class FakeSessions implements ClaimStore, SessionStore, SessionCensus {
    private final FakeSupplyStore supply;
    private final FakeDirectory directory;
    private final Map<UUID, Session> sessions = new LinkedHashMap<>();

    public FakeSessions(FakeSupplyStore supply, FakeDirectory directory) {
        this.supply = supply;
        this.directory = directory;
    }

    @Override
    public synchronized List<ClaimOutcome> claim(List<ClaimRequest> group) {
        return group.stream().map(this::claim).toList();
    }

    @Override
    public synchronized List<Session> live(Set<UUID> pools) {
        return sessions.values().stream()
                .filter(session -> session.isLive() && pools.contains(session.poolId()))
                .toList();
    }

    @Override
    public synchronized Map<UUID, Session> byIds(Set<UUID> ids) {
        return ids.stream().filter(sessions::containsKey).collect(Collectors.toMap(id -> id, sessions::get));
    }

    private ClaimOutcome claim(ClaimRequest request) {
        var earlier = sessions.get(request.session());
        if (earlier != null) {
            return new ClaimOutcome.Granted(earlier, true);
        }
        for (var candidate : request.candidates()) {
            var browser = supply.claim(candidate.pool());
            if (browser != null) {
                var pool = directory.pools().stream()
                        .filter(one -> one.id().equals(candidate.pool()))
                        .findFirst()
                        .orElseThrow();
                var now = Instant.now();
                var session = new Session(
                        request.session(),
                        request.project(),
                        pool.id(),
                        pool.namespace(),
                        pool.name(),
                        pool.region(),
                        null,
                        browser.id(),
                        browser.podName(),
                        String.valueOf(browser.podUid()),
                        "127.0.0.1:9222",
                        1,
                        candidate.terms(),
                        request.metadata(),
                        now,
                        now.plus(candidate.terms().timeout()),
                        now,
                        null,
                        null);
                sessions.put(session.id(), session);
                return new ClaimOutcome.Granted(session, false);
            }
        }
        return new ClaimOutcome.NoneWarm(0);
    }

    @Override
    public synchronized Optional<Session> find(@Nullable String project, UUID session) {
        return Optional.ofNullable(sessions.get(session))
                .filter(found -> project == null || found.project().equals(project));
    }

    @Override
    public synchronized List<Session> list(String project, Filter filter) {
        return sessions.values().stream()
                .filter(session -> session.project().equals(project))
                .toList();
    }

    @Override
    public Duration browserTime(String project) {
        throw new UnsupportedOperationException("nobody asks here");
    }

    @Override
    public long proxyBytes(String project) {
        throw new UnsupportedOperationException("nobody asks here");
    }

    @Override
    public Attachment attach(UUID session, @Nullable String project) {
        throw new UnsupportedOperationException("nobody connects here");
    }

    @Override
    public synchronized Ending end(UUID id, @Nullable String project, EndReason reason) {
        var session = sessions.get(id);
        if (session == null) {
            return new Ending.Unknown();
        }
        if (!session.isLive()) {
            return new Ending.AlreadyEnded(session);
        }
        var ended = new Session(
                session.id(),
                session.project(),
                session.poolId(),
                session.namespace(),
                session.pool(),
                session.region(),
                null,
                session.browser(),
                session.podName(),
                session.podUid(),
                session.address(),
                session.epoch(),
                session.terms(),
                session.metadata(),
                session.startedAt(),
                session.expiresAt(),
                Instant.now(),
                Instant.now(),
                reason);
        sessions.put(id, ended);
        supply.release(session.browser());
        return new Ending.Ended(ended);
    }
}
