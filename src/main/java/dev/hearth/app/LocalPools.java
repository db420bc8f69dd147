package dev.hearth.app;

import dev.hearth.local.LocalFailure;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Watches pools become warm, as {@code kubectl wait} would. */
final class LocalPools {
    private static final Duration BETWEEN = Duration.ofMillis(100);

    private final KubernetesClient client;

    LocalPools(KubernetesClient client) {
        this.client = client;
    }

    /** Returns how many browsers are warm, once every pool has what it wants (or is paused). */
    int awaitWarm(Duration patience) {
        var end = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < end) {
            var pools = pools();
            if (!pools.isEmpty() && pools.stream().allMatch(LocalPools::settled)) {
                return pools.stream()
                        .mapToInt(pool -> number(pool, "status", "warm"))
                        .sum();
            }
            LockSupport.parkNanos(BETWEEN.toNanos());
        }
        var cold = pools().stream().filter(pool -> !settled(pool)).findFirst();
        throw new LocalFailure(
                cold.map(pool -> "pool " + pool.getMetadata().getName() + " is not warm: " + why(pool))
                        .orElse("there is no pool"),
                "see kubectl describe bp, and the pods' logs under .hearth/pods");
    }

    private List<GenericKubernetesResource> pools() {
        return client.genericKubernetesResources("hearth.dev/v1alpha1", "BrowserPool")
                .inAnyNamespace()
                .list()
                .getItems();
    }

    private static boolean settled(GenericKubernetesResource pool) {
        return Boolean.TRUE.equals(pool.get("spec", "paused"))
                || number(pool, "status", "warm") >= number(pool, "spec", "replicas");
    }

    private static int number(GenericKubernetesResource pool, String... path) {
        return pool.get((Object[]) path) instanceof Number number ? number.intValue() : 0;
    }

    private static String why(GenericKubernetesResource pool) {
        if (pool.get("status", "conditions") instanceof List<?> conditions) {
            for (var condition : conditions) {
                if (condition instanceof Map<?, ?> map
                        && "Degraded".equals(map.get("type"))
                        && "True".equals(map.get("status"))) {
                    return map.get("reason") + ": " + map.get("message");
                }
            }
        }
        return number(pool, "status", "warm") + " of " + number(pool, "spec", "replicas") + " browsers are warm";
    }
}
