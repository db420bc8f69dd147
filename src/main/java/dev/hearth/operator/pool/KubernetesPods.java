package dev.hearth.operator.pool;

import dev.hearth.operator.Labels;
import dev.hearth.pool.Browser;
import dev.hearth.pool.BrowserState;
import dev.hearth.pool.SupplyStore.NewBrowser;
import dev.hearth.pool.Trouble;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Browser pods of one namespace at the API server. Every deletion names the UID, so a name's next bearer is never hit. */
record KubernetesPods(KubernetesClient client, String namespace, Function<NewBrowser, Pod> desired) implements Pods {
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    @Override
    public List<Creation> create(List<NewBrowser> browsers) {
        if (browsers.size() == 1) {
            return List.of(create(browsers.getFirst()));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads
                    .invokeAll(browsers.stream()
                            .map(browser -> (Callable<Creation>) () -> create(browser))
                            .toList())
                    .stream()
                    .map(future -> {
                        try {
                            return future.get();
                        } catch (ExecutionException broken) {
                            throw new IllegalStateException("creating a pod broke", broken.getCause());
                        } catch (InterruptedException interrupted) {
                            throw interrupted(interrupted);
                        }
                    })
                    .toList();
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
    }

    private static IllegalStateException interrupted(InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while creating pods", interrupted);
    }

    private Creation create(NewBrowser browser) {
        try {
            client.resource(desired.apply(browser)).create();
            return new Creation.Created();
        } catch (KubernetesClientException refused) {
            return creation(refused);
        }
    }

    /** A code of 0 is an answer that never came, 5xx one that says nothing about what was done. */
    static Creation creation(KubernetesClientException refused) {
        var message = message(refused);
        var code = refused.getCode();
        if (code < 400 || code >= 500) {
            return new Creation.Unknown(new Trouble(Trouble.Kind.API_UNAVAILABLE, message));
        }
        var status = refused.getStatus();
        if (code == 409 && status != null && "AlreadyExists".equals(status.getReason())) {
            // The name is the row's own, so the pod is this row's: an earlier answer was lost.
            return new Creation.Created();
        }
        if (code == 409 || code == 429) {
            return new Creation.Denied(new Trouble(Trouble.Kind.API_UNAVAILABLE, message));
        }
        return new Creation.Denied(new Trouble(
                message.contains("exceeded quota") ? Trouble.Kind.QUOTA_EXCEEDED : Trouble.Kind.ADMISSION_DENIED,
                message));
    }

    private static String message(KubernetesClientException refused) {
        var status = refused.getStatus();
        var message = status == null || status.getMessage() == null ? refused.getMessage() : status.getMessage();
        return message == null ? "no answer from the API server" : message;
    }

    @Override
    public boolean isGone(Browser browser) {
        var pod =
                client.pods().inNamespace(namespace).withName(browser.podName()).get();
        return pod == null
                || (browser.podUid() != null
                        && !browser.podUid().equals(pod.getMetadata().getUid()))
                || !browser.id().toString().equals(pod.getMetadata().getLabels().get(Labels.BROWSER));
    }

    @Override
    public void delete(Browser browser, String podUid) {
        PodDeletion.delete(client, namespace, browser.podName(), podUid);
    }

    @Override
    public void label(Browser browser, String podUid, BrowserState state) {
        var patch = Map.of(
                "metadata",
                Map.of(
                        "uid",
                        podUid,
                        "labels",
                        Map.of(Labels.STATE, Labels.state(state)),
                        "annotations",
                        Labels.evictionAnnotations(state)));
        try {
            client.pods()
                    .inNamespace(namespace)
                    .withName(browser.podName())
                    .patch(MERGE, client.getKubernetesSerialization().asJson(patch));
        } catch (KubernetesClientException refused) {
            // Gone, or another pod by now: the row will say so.
            if (refused.getCode() != 404 && refused.getCode() != 409) {
                throw refused;
            }
        }
    }
}
