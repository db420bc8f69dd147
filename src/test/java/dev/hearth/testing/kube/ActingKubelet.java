package dev.hearth.testing.kube;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Scheduler and kubelet for the pods of one namespace: binds them, says they are ready, lets deleted ones go. */
public final class ActingKubelet implements AutoCloseable {
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private final KubernetesClient client;
    private final String namespace;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private volatile boolean holding;

    public ActingKubelet(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
        thread.scheduleWithFixedDelay(this::look, 0, 30, TimeUnit.MILLISECONDS);
    }

    /** While held, no pod becomes ready. */
    public void hold(boolean hold) {
        holding = hold;
    }

    /** Chrome exits: what a kubelet says then. */
    public void finish(String pod, int exitCode, String reason) {
        status(
                pod,
                Map.of(
                        "phase", exitCode == 0 ? "Succeeded" : "Failed",
                        "conditions", java.util.List.of(condition("Ready", "False")),
                        "containerStatuses",
                                java.util.List.of(Map.of(
                                        "name",
                                        "browser",
                                        "image",
                                        "chrome",
                                        "imageID",
                                        "",
                                        "ready",
                                        false,
                                        "restartCount",
                                        0,
                                        "state",
                                        Map.of("terminated", Map.of("exitCode", exitCode, "reason", reason))))));
    }

    /** A container cannot start yet: what a kubelet says then. */
    public void waiting(String pod, String reason, String message) {
        status(
                pod,
                Map.of(
                        "phase",
                        "Pending",
                        "containerStatuses",
                        java.util.List.of(Map.of(
                                "name",
                                "browser",
                                "image",
                                "chrome",
                                "imageID",
                                "",
                                "ready",
                                false,
                                "restartCount",
                                0,
                                "state",
                                Map.of("waiting", Map.of("reason", reason, "message", message))))));
    }

    private void look() {
        try {
            client.pods().inNamespace(namespace).list().getItems().forEach(this::look);
        } catch (RuntimeException stopped) {
            // The API server may be gone at a test's end; a test that needs this kubelet then fails by itself.
            if (Thread.currentThread().isInterrupted()) {
                thread.shutdown();
            }
        }
    }

    private void look(Pod pod) {
        var name = pod.getMetadata().getName();
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            client.pods()
                    .inNamespace(namespace)
                    .withName(name)
                    .withGracePeriod(0)
                    .delete();
        } else if (pod.getSpec().getNodeName() == null) {
            bind(name);
        } else if ("Pending".equals(pod.getStatus().getPhase()) && !holding) {
            status(
                    name,
                    Map.of(
                            "phase",
                            "Running",
                            "podIP",
                            "127.0.0.1",
                            "podIPs",
                            java.util.List.of(Map.of("ip", "127.0.0.1")),
                            "conditions",
                            java.util.List.of(condition("Ready", "True"), condition("PodScheduled", "True"))));
        }
    }

    private void bind(String name) {
        try {
            client.raw(
                    "/api/v1/namespaces/" + namespace + "/pods/" + name + "/binding",
                    "POST",
                    Map.of(
                            "apiVersion",
                            "v1",
                            "kind",
                            "Binding",
                            "metadata",
                            Map.of("name", name),
                            "target",
                            Map.of("apiVersion", "v1", "kind", "Node", "name", "acting-node")));
        } catch (KubernetesClientException gone) {
            if (gone.getCode() != 404 && gone.getCode() != 409) {
                throw gone;
            }
        }
    }

    private static Map<String, String> condition(String type, String status) {
        return Map.of(
                "type",
                type,
                "status",
                status,
                "lastTransitionTime",
                Instant.now().toString());
    }

    private void status(String name, Map<String, Object> status) {
        try {
            client.pods()
                    .inNamespace(namespace)
                    .withName(name)
                    .subresource("status")
                    .patch(MERGE, client.getKubernetesSerialization().asJson(Map.of("status", status)));
        } catch (KubernetesClientException gone) {
            if (gone.getCode() != 404 && gone.getCode() != 409) {
                throw gone;
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
