package dev.hearth.operator.pool;

import dev.hearth.api.v1alpha1.BrowserPool;
import dev.hearth.api.v1alpha1.BrowserPoolSpec;
import dev.hearth.operator.Labels;
import dev.hearth.operator.OperatorSettings.AgentSettings;
import dev.hearth.pool.BrowserState;
import dev.hearth.pool.SupplyStore.NewBrowser;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The pod of one browser, as a pool wants it. It carries no ownerReference on purpose: a foreground deletion of the pool
 * would take claimed browsers with it.
 */
record BrowserPod(BrowserPool pool, AgentSettings settings) {
    /** Where agent and Chrome meet; nothing else is shared. */
    static final String SHARED = "/browser";

    /** Chrome writes its profile here, and with it the port that the agent looks for. */
    static final String PROFILE = SHARED + "/profile";

    /** Enough for the agent to say goodbye; a browser has nothing to save. */
    private static final long GRACE_SECONDS = 10;

    /** Placeholder of what differs from pod to pod, so that it does not enter the revision. */
    private static final NewBrowser NOBODY = new NewBrowser(new UUID(0, 0), "", "");

    Pod of(NewBrowser browser, String revision) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(browser.podName())
                .withNamespace(pool.getMetadata().getNamespace())
                .withLabels(labels(browser, revision))
                .withAnnotations(Labels.evictionAnnotations(BrowserState.STARTING))
                .endMetadata()
                .withSpec(spec(browser))
                .build();
    }

    /** What new browsers look like, without what is theirs alone: its hash is the pool's revision. */
    PodSpec blueprint() {
        return spec(NOBODY);
    }

    private Map<String, String> labels(NewBrowser browser, String revision) {
        var labels = new LinkedHashMap<String, String>();
        labels.put(Labels.MANAGED_BY, Labels.HEARTH);
        labels.put(Labels.POOL, pool.getMetadata().getName());
        labels.put(Labels.POOL_UID, pool.getMetadata().getUid());
        labels.put(Labels.BROWSER, browser.id().toString());
        labels.put(Labels.STATE, Labels.state(BrowserState.STARTING));
        labels.put(Labels.REGION, pool.getSpec().region());
        labels.put(Labels.REVISION, revision);
        return labels;
    }

    private PodSpec spec(NewBrowser browser) {
        var wish = pool.getSpec();
        var containers = new BrowserContainers(wish, settings);
        var scheduling = wish.scheduling();
        return new PodSpecBuilder()
                .withInitContainers(containers.agent(browser))
                .withContainers(containers.browser(browser))
                .withVolumes(volumes(wish))
                .withRestartPolicy("Never")
                .withTerminationGracePeriodSeconds(GRACE_SECONDS)
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withSecurityContext(containers.podSecurity())
                .withImagePullSecrets(wish.browser().imagePullSecrets().stream()
                        .map(LocalObjectReference::new)
                        .toList())
                .withNodeSelector(nodeSelector(wish))
                .withTolerations(scheduling.tolerations())
                .withAffinity(scheduling.affinity())
                .withTopologySpreadConstraints(scheduling.topologySpreadConstraints().stream()
                        .map(this::amongThisPool)
                        .toList())
                .withRuntimeClassName(scheduling.runtimeClassName())
                .withPriorityClassName(scheduling.priorityClassName())
                .withSchedulerName(scheduling.schedulerName())
                .build();
    }

    private Map<String, String> nodeSelector(BrowserPoolSpec wish) {
        var selector = new LinkedHashMap<>(wish.scheduling().nodeSelector());
        if (settings.bindRegion()) {
            selector.put("topology.kubernetes.io/region", wish.region());
        }
        return selector;
    }

    private TopologySpreadConstraint amongThisPool(TopologySpreadConstraint constraint) {
        return constraint.getLabelSelector() != null
                ? constraint
                : new TopologySpreadConstraintBuilder(constraint)
                        .withNewLabelSelector()
                        .addToMatchLabels(Labels.POOL, pool.getMetadata().getName())
                        .endLabelSelector()
                        .build();
    }

    private static List<Volume> volumes(BrowserPoolSpec wish) {
        return List.of(
                emptyDir("shared"),
                emptyDir("tmp"),
                new VolumeBuilder()
                        .withName("shm")
                        .withNewEmptyDir()
                        .withMedium("Memory")
                        .withSizeLimit(new Quantity(wish.shmSize().toString()))
                        .endEmptyDir()
                        .build());
    }

    private static Volume emptyDir(String name) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .endEmptyDir()
                .build();
    }
}
