package dev.hearth.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** Asks for each type once before any watch is opened: a watch on a missing type only says that it timed out. */
final class RequiredTypes {
    private RequiredTypes() {}

    static void check(KubernetesClient client, Class<? extends HasMetadata> type) {
        try {
            client.resources(type)
                    .inAnyNamespace()
                    .list(new ListOptionsBuilder().withLimit(1L).build());
        } catch (KubernetesClientException refused) {
            throw new OperatorStartException(
                    why(refused, HasMetadata.getFullResourceName(type), HasMetadata.getVersion(type)), refused);
        }
    }

    private static String why(KubernetesClientException refused, String name, String version) {
        return switch (refused.getCode()) {
            case 404 -> "CRD " + name + " " + version + " is not installed — run: kubectl apply -f crds/";
            case 401, 403 -> "not allowed to list " + name + " — give the operator's ServiceAccount its ClusterRole";
            case 0 -> "cannot reach the API server at all — check the kubeconfig: " + refused.getMessage();
            default -> "cannot list " + name + ": " + refused.getMessage() + " — see the API server's log";
        };
    }
}
