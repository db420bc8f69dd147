package dev.hearth.app;

import dev.hearth.local.LocalFailure;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.readiness.Readiness;
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

    /**
     * Returns how many browsers are warm, once every pool has what it wants (or is paused). Pods are counted, not the
     * pools' statuses: those may still say what was true before this machine stopped.
     */
    int awaitWarm(Duration patience) {
        var end = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < end) {
            var pools = pools();
            if (!pools.isEmpty() && pools.stream().allMatch(this::settled)) {
                return pools.stream().mapToInt(this::ready).sum();
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

    private boolean settled(GenericKubernetesResource pool) {
        return Boolean.TRUE.equals(pool.get("spec", "paused")) || ready(pool) >= number(pool, "spec", "replicas");
    }

    private int ready(GenericKubernetesResource pool) {
        return (int) client
                .pods()
                .inNamespace(pool.getMetadata().getNamespace())
                .withLabel("hearth.dev/pool", pool.getMetadata().getName())
                .withLabel("hearth.dev/state", "warm")
                .list()
                .getItems()
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null && Readiness.isPodReady(pod))
                .count();
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
