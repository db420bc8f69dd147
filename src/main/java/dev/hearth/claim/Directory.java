package dev.hearth.claim;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who may claim, and where: projects, their keys, the pools and their regions. Written by the operator from Kubernetes
 * objects, read by gateways, so that a claim needs no Kubernetes.
 */
public interface Directory {
    /** The project whose key has this SHA-256, in raw bytes; empty for unknown, revoked and expired keys alike. */
    Optional<Project> authenticate(byte[] keyHash);

    Optional<Project> project(String name);

    /** Names of all projects known: the operator compares them with namespaces, so that a deleted one loses its keys. */
    List<String> projects();

    /** Every pool that is not being deleted. */
    List<Pool> pools();

    void putPool(Pool pool);

    void removePool(UUID pool);

    void putProject(Project project);

    /** Makes {@code keys} the project's whole set: keys that are not in it stop working. */
    void replaceKeys(String project, List<Key> keys);

    /**
     * @param concurrency live sessions at once; null: no limit of its own
     * @param createsPerMinute new sessions per minute, as many of them at once; null: no limit of its own
     */
    record Project(
            String name,
            @Nullable Integer concurrency,
            java.time.@Nullable Duration defaultTimeout,
            @Nullable Integer createsPerMinute) {

        public Project(String name, @Nullable Integer concurrency, java.time.@Nullable Duration defaultTimeout) {
            this(name, concurrency, defaultTimeout, null);
        }
    }

    /** @param hash SHA-256 of the key @param hint its first characters, for people to tell keys apart */
    record Key(byte[] hash, String hint) {}

    /**
     * @param namespace the project the pool belongs to
     * @param share its part among the pools of its region; null: it has no say in that
     * @param defaults the session's terms where the request names none; its timeout yields to the project's default
     */
    record Pool(
            UUID id,
            String namespace,
            String name,
            String region,
            List<String> allowedProjects,
            List<String> fallbackRegions,
            SessionTerms defaults,
            boolean timeoutIsDefault,
            @Nullable Integer maxSessions,
            boolean guarded,
            @Nullable Share share) {

        /** Of browsers that go out directly, of a pool that shares with no other. */
        public Pool(
                UUID id,
                String namespace,
                String name,
                String region,
                List<String> allowedProjects,
                List<String> fallbackRegions,
                SessionTerms defaults,
                boolean timeoutIsDefault,
                @Nullable Integer maxSessions) {
            this(
                    id,
                    namespace,
                    name,
                    region,
                    allowedProjects,
                    fallbackRegions,
                    defaults,
                    timeoutIsDefault,
                    maxSessions,
                    false,
                    null);
        }

        /** Beside pools that have a weight, one without has the whole of it. */
        Share part() {
            return share == null ? Share.WHOLE : share;
        }

        /** Whether this project's keys may claim from the pool; {@code *} opens it to all. */
        public boolean serves(String project) {
            return namespace.equals(project) || allowedProjects.contains(project) || allowedProjects.contains("*");
        }
    }

    /**
     * A pool's part of what its region's pools serve together.
     *
     * @param weight 0…100, against the others' weights; 0: only what the others cannot serve
     * @param byClaim each claim is sent by itself; else all of a project's go the same way
     */
    record Share(int weight, boolean byClaim) {
        static final Share WHOLE = new Share(100, false);
    }
}
