package dev.hearth.testing;

import dev.hearth.claim.Directory;
import dev.hearth.claim.StoreException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Projects, keys and pools in memory. */
public final class FakeDirectory implements Directory {
    private final Map<String, Project> projects = new ConcurrentHashMap<>();
    private final Map<String, List<Key>> keys = new ConcurrentHashMap<>();
    private final Map<UUID, Pool> pools = new ConcurrentHashMap<>();
    /** How many more writes of pools fail, as they do while the database is away. */
    public final AtomicInteger refusals = new AtomicInteger();
    /** The same, of keys. */
    public final AtomicInteger keyRefusals = new AtomicInteger();

    @Override
    public Optional<Project> authenticate(byte[] keyHash) {
        return keys.entrySet().stream()
                .filter(entry -> entry.getValue().stream().anyMatch(key -> Arrays.equals(key.hash(), keyHash)))
                .findFirst()
                .flatMap(entry -> project(entry.getKey()));
    }

    @Override
    public Optional<Project> project(String name) {
        return Optional.ofNullable(projects.get(name));
    }

    @Override
    public List<String> projects() {
        return List.copyOf(projects.keySet());
    }

    @Override
    public List<Pool> pools() {
        return List.copyOf(pools.values());
    }

    @Override
    public void putPool(Pool pool) {
        refuseIf(refusals);
        pools.put(pool.id(), pool);
    }

    @Override
    public void removePool(UUID pool) {
        pools.remove(pool);
    }

    @Override
    public void putProject(Project project) {
        projects.put(project.name(), project);
    }

    @Override
    public void replaceKeys(String project, List<Key> replacement) {
        refuseIf(keyRefusals);
        keys.put(project, List.copyOf(replacement));
    }

    private static void refuseIf(AtomicInteger refusals) {
        if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new StoreException(
                    StoreException.Kind.UNAVAILABLE, "the database is away", new IllegalStateException());
        }
    }
}
