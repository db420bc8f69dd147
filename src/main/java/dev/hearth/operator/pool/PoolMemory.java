package dev.hearth.operator.pool;

import dev.hearth.claim.Directory;
import dev.hearth.pool.Backoff;
import dev.hearth.pool.Demand;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the operator remembers of pools between looks. Nothing here decides alone: an operator that forgot it all on a
 * restart is slower for a moment, never wrong.
 */
final class PoolMemory {
    private final Map<UUID, OfPool> pools = new ConcurrentHashMap<>();

    OfPool of(UUID pool, ResourceID name) {
        return pools.computeIfAbsent(pool, _ -> new OfPool(name));
    }

    void forget(UUID pool) {
        pools.remove(pool);
    }

    Optional<ResourceID> name(UUID pool) {
        return Optional.ofNullable(pools.get(pool)).map(memory -> memory.name);
    }

    /** Touched by one reconciliation at a time. */
    static final class OfPool {
        private final ResourceID name;
        private final Map<UUID, Instant> missingSince = new HashMap<>();
        private final Set<UUID> seen = new HashSet<>();
        private Backoff backoff = Backoff.NONE;
        private Demand demand = Demand.UNKNOWN;
        private Directory.@Nullable Pool listed;
        private String currentRevision = "";

        OfPool(ResourceID name) {
            this.name = name;
        }

        Backoff backoff() {
            return backoff;
        }

        void remember(Backoff newest) {
            backoff = newest;
        }

        Demand demand() {
            return demand;
        }

        void remember(Demand newest) {
            demand = newest;
        }

        Instant missing(UUID browser, Instant now) {
            return missingSince.computeIfAbsent(browser, _ -> now);
        }

        void seen(UUID browser) {
            missingSince.remove(browser);
            seen.add(browser);
        }

        boolean wasSeen(UUID browser) {
            return seen.contains(browser);
        }

        void keepOnly(Set<UUID> browsers) {
            missingSince.keySet().retainAll(browsers);
            seen.retainAll(browsers);
        }

        /** True where the directory has not been told exactly this yet. */
        boolean lists(Directory.Pool pool) {
            return !pool.equals(listed);
        }

        /** Only once the directory has it: a database that was away would else never hear of the pool. */
        void listed(Directory.Pool pool) {
            listed = pool;
        }

        boolean turnsTo(String revision) {
            return !revision.equals(currentRevision);
        }

        void turnedTo(String revision) {
            currentRevision = revision;
        }
    }
}
