package dev.hearth.claim;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What those who wait for a browser look at before they claim. A look takes nothing: others may be faster. */
public interface Vacancies {
    /** @throws StoreException where the database cannot be asked */
    Vacancy look(Set<UUID> pools, Set<String> projects);

    /** What an Idempotency-Key alone settles; empty: the request is new, or has no key, and may claim. */
    Optional<ClaimOutcome> replay(ClaimRequest request);

    /**
     * At one instant.
     *
     * @param pools what each pool could give
     * @param projects what each project that has a limit may still take; one that is missing may take any number
     */
    record Vacancy(Map<UUID, Stock> pools, Map<String, Room> projects) {
        public Vacancy {
            pools = Map.copyOf(pools);
            projects = Map.copyOf(projects);
        }
    }

    /**
     * @param claimable browsers that a claim would get now, the pool's own limit heeded; counted up to a bound
     * @param starting browsers on their way
     * @param ready until the first of those is expected; null: nobody knows
     */
    record Stock(int claimable, int starting, @Nullable Duration ready) {}

    /**
     * @param left how many more sessions the project may start now
     * @param refusal why it may start none; null where it may
     */
    record Room(int left, @Nullable ClaimOutcome refusal) {}
}
