package dev.hearth.operator.pool;

import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** Deletes exactly the pod that was meant; the client's own delete has no UID precondition. */
final class PodDeletion {
    private PodDeletion() {}

    /** A pod that is gone, or a name that another pod bears by now, is as good as deleted. */
    static void delete(KubernetesClient client, String namespace, String name, String uid) {
        var options = new DeleteOptionsBuilder()
                .withNewPreconditions()
                .withUid(uid)
                .endPreconditions()
                .build();
        try {
            client.raw("/api/v1/namespaces/" + namespace + "/pods/" + name, "DELETE", options);
        } catch (KubernetesClientException refused) {
            if (refused.getCode() != 404 && refused.getCode() != 409) {
                throw refused;
            }
        }
    }
}
