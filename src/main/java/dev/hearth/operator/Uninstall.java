package dev.hearth.operator;

import dev.hearth.api.v1alpha1.BrowserPool;
import dev.hearth.api.v1alpha1.BrowserSession;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an operator that is gone for good leaves behind: browsers that nobody would ever end, and finalizers that nobody
 * would ever take off. Pools and sessions themselves stay, for a later install or for whoever deletes their definitions.
 * Ends live sessions; only for when no operator runs any more.
 */
public final class Uninstall {
    private static final Logger LOG = LoggerFactory.getLogger(Uninstall.class);
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
    /** Sessions end with the release: their clients are told by the close frame, which takes no longer. */
    private static final long GRACE_SECONDS = 5;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final KubernetesClient client;

    public Uninstall(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Repeats until nothing is left, because an operator that is still stopping may put something back.
     *
     * @throws IllegalStateException naming what is left when the time is over
     */
    public void run(Duration patience) {
        var end = System.nanoTime() + patience.toNanos();
        while (true) {
            var left = once();
            if (left.isEmpty()) {
                LOG.info("nothing is left but pools and sessions, without finalizers");
                return;
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("still there after " + patience.toSeconds() + " s: "
                        + String.join(", ", left) + " — see their events, then run this again");
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    private List<String> once() {
        all(client, BrowserSession.class).forEach(this::free);
        all(client, BrowserPool.class).forEach(this::free);
        client.policy()
                .v1()
                .podDisruptionBudget()
                .inAnyNamespace()
                .withLabel(Labels.MANAGED_BY, Labels.HEARTH)
                .list()
                .getItems()
                .forEach(budget -> client.resource(budget).delete());
        var pods = client.pods()
                .inAnyNamespace()
                .withLabelSelector(Labels.BROWSER_PODS)
                .list()
                .getItems();
        pods.stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .forEach(this::end);
        return pods.stream()
                .map(pod -> "pod " + pod.getMetadata().getNamespace() + "/"
                        + pod.getMetadata().getName())
                .toList();
    }

    /** None where the definition is gone already. */
    static <T extends HasMetadata> List<T> all(KubernetesClient client, Class<T> type) {
        try {
            return client.resources(type).inAnyNamespace().list().getItems();
        } catch (KubernetesClientException refused) {
            if (refused.getCode() == 404) {
                return List.of();
            }
            throw refused;
        }
    }

    private void end(Pod pod) {
        client.resource(pod)
                .withGracePeriod(GRACE_SECONDS)
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete();
    }

    /** Takes off our own finalizers; those of others have owners that live. */
    private void free(HasMetadata object) {
        var ours = object.getMetadata().getFinalizers();
        var others =
                ours.stream().filter(name -> !name.startsWith("hearth.dev/")).toList();
        if (others.size() == ours.size()) {
            return;
        }
        var patch = Map.of(
                "metadata", Map.of("resourceVersion", object.getMetadata().getResourceVersion(), "finalizers", others));
        try {
            client.resource(object)
                    .patch(MERGE, client.getKubernetesSerialization().asJson(patch));
        } catch (KubernetesClientException refused) {
            // Gone, or changed since: the next look sees it.
            if (refused.getCode() != 404 && refused.getCode() != 409) {
                throw refused;
            }
        }
    }
}
