package dev.hearth.store;

import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.Session;
import dev.hearth.store.ClaimRound.Ask;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where nothing is limited, no counter need be locked, and one statement both sees that it is so and takes: a round trip and
 * most searches less. Only an attempt: whoever comes back without a browser goes the whole way.
 */
final class Shortcut {
    /** How long a limit is remembered. Longer: a limit that was lifted is felt for longer; shorter: vain attempts. */
    private static final long MEMORY_NANOS = Duration.ofSeconds(5).toNanos();

    private static final int MOST = 10_000;

    /** Names of projects and ids of pools. */
    private final Map<Object, Long> limitedUntil = new ConcurrentHashMap<>();

    /** The sessions that were made, by id. The order of locks is that of the whole way: browsers, then stripes. */
    Map<UUID, Session> take(Sql.Statements statements, List<ClaimRequest> requests) throws SQLException {
        var projects = new HashSet<String>();
        var pools = new HashSet<UUID>();
        for (var request : requests) {
            projects.add(request.project());
            request.candidates().forEach(candidate -> pools.add(candidate.pool()));
        }
        if (!limitedUntil.isEmpty()
                && (projects.stream().anyMatch(this::isLimited)
                        || pools.stream().anyMatch(this::isLimited))) {
            return Map.of();
        }
        var asks = requests.stream()
                .filter(request -> !request.candidates().isEmpty())
                .map(request -> new Ask(request, request.candidates().getFirst()))
                .toList();
        return Taking.takeUnlimited(statements, asks, projects, pools);
    }

    private boolean isLimited(Object name) {
        var until = limitedUntil.get(name);
        return until != null && until - System.nanoTime() > 0;
    }

    /** What was found on the whole way. */
    void learn(Counters counters) {
        counters.projects().forEach(this::learn);
        counters.pools().forEach(this::learn);
    }

    private void learn(Object name, Quota quota) {
        if (quota.isLimited()) {
            if (limitedUntil.size() >= MOST) {
                limitedUntil.clear();
            }
            limitedUntil.put(name, System.nanoTime() + MEMORY_NANOS);
        }
    }
}
