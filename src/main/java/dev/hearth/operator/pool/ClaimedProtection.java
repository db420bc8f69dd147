package dev.hearth.operator.pool;

import dev.hearth.operator.Labels;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps drains and evictions away from claimed browsers: one budget per namespace with a pool. */
final class ClaimedProtection {
    private static final String NAME = "hearth-claimed-browsers";

    /**
     * More than any namespace has pods, so no eviction is ever allowed. A percentage would need owners with a scale
     * subresource, and browsers have no owner.
     */
    private static final int MORE_THAN_EVER = 1_000_000;

    private final KubernetesClient client;
    private final Set<String> protectedNamespaces = ConcurrentHashMap.newKeySet();

    ClaimedProtection(KubernetesClient client) {
        this.client = client;
    }

    void ensure(String namespace) {
        if (protectedNamespaces.contains(namespace)) {
            return;
        }
        try {
            client.resource(budget(namespace)).create();
        } catch (KubernetesClientException refused) {
            if (refused.getCode() != 409) {
                throw refused;
            }
        }
        protectedNamespaces.add(namespace);
    }

    /** The namespace's last pool is gone: the budget guards nothing any more. */
    void drop(String namespace) {
        protectedNamespaces.remove(namespace);
        client.policy()
                .v1()
                .podDisruptionBudget()
                .inNamespace(namespace)
                .withName(NAME)
                .delete();
    }

    private static PodDisruptionBudget budget(String namespace) {
        return new PodDisruptionBudgetBuilder()
                .withNewMetadata()
                .withName(NAME)
                .withNamespace(namespace)
                .addToLabels(Labels.MANAGED_BY, Labels.HEARTH)
                .endMetadata()
                .withNewSpec()
                .withNewMinAvailable(MORE_THAN_EVER)
                .withNewSelector()
                .addToMatchLabels(Labels.MANAGED_BY, Labels.HEARTH)
                .addToMatchLabels(Labels.STATE, "claimed")
                .endSelector()
                .endSpec()
                .build();
    }
}
