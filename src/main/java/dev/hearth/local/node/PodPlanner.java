package dev.hearth.local.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hearth.local.node.ContainerPlan.Role;
import dev.hearth.local.node.PodPlan.RestartPolicy;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodReadinessGate;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Spec → plan. Pure; every refusal names the field. */
final class PodPlanner {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PodPlanner() {}

    static PodPlan plan(Pod pod, LocalImages images) {
        var spec = pod.getSpec();
        try {
            SupportedFields.firstOutside(JSON.convertValue(spec, JsonNode.class))
                    .ifPresent(Refused::raise);
            var volumes = VolumePlanner.plan(spec.getVolumes());
            var byName = volumes.stream().collect(Collectors.toMap(VolumePlan::name, volume -> volume));
            return new PodPlan.Run(
                    containers(spec, images, byName),
                    volumes,
                    restartPolicy(spec),
                    Duration.ofSeconds(Objects.requireNonNullElse(spec.getTerminationGracePeriodSeconds(), 30L)),
                    spec.getReadinessGates().stream()
                            .map(PodReadinessGate::getConditionType)
                            .toList());
        } catch (Refused refused) {
            return refused.reason;
        }
    }

    /** Leaves the depth of a spec at the first thing that cannot be done; never leaves this package. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient PodPlan.Unsupported reason;

        Refused(String field, String why) {
            this(new PodPlan.Unsupported(field, why));
        }

        private Refused(PodPlan.Unsupported reason) {
            super(reason.message(), null, false, false);
            this.reason = reason;
        }

        private static void raise(PodPlan.Unsupported reason) {
            throw new Refused(reason);
        }
    }

    private static List<ContainerPlan> containers(PodSpec spec, LocalImages images, Map<String, VolumePlan> volumes) {
        var plans = new ArrayList<ContainerPlan>();
        for (var container : spec.getInitContainers()) {
            var path = "spec.initContainers[%s]".formatted(container.getName());
            plans.add(new ContainerPlanner(container, path, volumes).plan(initRole(container), images));
        }
        for (var container : spec.getContainers()) {
            var path = "spec.containers[%s]".formatted(container.getName());
            if (container.getRestartPolicy() != null) {
                throw new Refused(path + ".restartPolicy", "a restart policy of its own is for init containers only");
            }
            plans.add(new ContainerPlanner(container, path, volumes).plan(Role.MAIN, images));
        }
        return plans;
    }

    private static Role initRole(Container container) {
        var policy = container.getRestartPolicy();
        if (policy != null && !policy.equals("Always")) {
            throw new Refused(
                    "spec.initContainers[%s].restartPolicy".formatted(container.getName()),
                    "\"%s\" is not supported; allowed: Always, or none".formatted(policy));
        }
        return policy == null ? Role.INIT : Role.SIDECAR;
    }

    private static RestartPolicy restartPolicy(PodSpec spec) {
        var policy = Objects.requireNonNullElse(spec.getRestartPolicy(), "Always");
        return switch (policy) {
            case "Always" -> RestartPolicy.ALWAYS;
            case "OnFailure" -> RestartPolicy.ON_FAILURE;
            case "Never" -> RestartPolicy.NEVER;
            default ->
                throw new Refused(
                        "spec.restartPolicy", "\"%s\" is unknown; allowed: Always, OnFailure, Never".formatted(policy));
        };
    }
}
