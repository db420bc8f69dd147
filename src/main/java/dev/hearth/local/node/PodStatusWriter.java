package dev.hearth.local.node;

import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the API server how a pod is. Every write names the pod's UID, so a new pod of the same name is never touched, and
 * merges by type, so conditions that others keep survive.
 */
final class PodStatusWriter {
    private static final Logger LOG = LoggerFactory.getLogger(PodStatusWriter.class);

    private static final int UNPROCESSABLE = 422;

    enum Outcome {
        WRITTEN,
        /** The pod object is no more, or another pod has its name. */
        GONE,
        /** The API server did not take it; worth another attempt. */
        FAILED
    }

    private final KubernetesClient client;

    PodStatusWriter(KubernetesClient client) {
        this.client = client;
    }

    Outcome write(Pod pod, PodStatus status) {
        var patch = new PodBuilder()
                .withNewMetadata()
                .withName(pod.getMetadata().getName())
                .withNamespace(pod.getMetadata().getNamespace())
                .withUid(pod.getMetadata().getUid())
                .endMetadata()
                .withStatus(status)
                .build();
        return attempt(
                "status",
                pod,
                () -> client.pods()
                        .inNamespace(pod.getMetadata().getNamespace())
                        .withName(pod.getMetadata().getName())
                        .subresource("status")
                        .patch(
                                PatchContext.of(PatchType.STRATEGIC_MERGE),
                                client.getKubernetesSerialization().asJson(patch)));
    }

    /** A kubelet's last word: nothing of the pod is left here. */
    Outcome remove(Pod pod) {
        var options = new DeleteOptionsBuilder()
                .withGracePeriodSeconds(0L)
                .withNewPreconditions()
                .withUid(pod.getMetadata().getUid())
                .endPreconditions()
                .build();
        var path = "/api/v1/namespaces/%s/pods/%s"
                .formatted(pod.getMetadata().getNamespace(), pod.getMetadata().getName());
        return attempt("removal", pod, () -> client.raw(path, "DELETE", options));
    }

    private static Outcome attempt(String what, Pod pod, Runnable request) {
        try {
            request.run();
            return Outcome.WRITTEN;
        } catch (KubernetesClientException refused) {
            var outcome = outcome(refused);
            if (outcome == Outcome.FAILED) {
                LOG.atWarn()
                        .addKeyValue("pod", pod.getMetadata().getName())
                        .addKeyValue("what", what)
                        .addKeyValue("reason", refused.getMessage())
                        .log("the API server did not take a pod's report; trying again");
            }
            return outcome;
        }
    }

    /** Another UID is a conflict to a removal and an invalid field to a patch. Other conflicts are with writers of the same pod. */
    static Outcome outcome(KubernetesClientException refused) {
        var why = Objects.requireNonNullElse(refused.getMessage(), "");
        var gone = switch (refused.getCode()) {
            case HttpURLConnection.HTTP_NOT_FOUND -> true;
            case HttpURLConnection.HTTP_CONFLICT -> why.contains("the UID in the precondition");
            case UNPROCESSABLE -> why.contains("metadata.uid: ");
            default -> false;
        };
        return gone ? Outcome.GONE : Outcome.FAILED;
    }
}
