package dev.hearth.local.node;

import java.time.Duration;
import java.util.List;

/** What LocalNode makes of a pod's spec. Nothing that it cannot do is left out silently: such a pod is {@link Unsupported}. */
sealed interface PodPlan {
    enum RestartPolicy {
        ALWAYS,
        ON_FAILURE,
        NEVER
    }

    /** @param containers init containers and sidecars in their declared order, then the main ones */
    record Run(
            List<ContainerPlan> containers,
            List<VolumePlan> volumes,
            RestartPolicy restart,
            Duration grace,
            List<String> readinessGates)
            implements PodPlan {
        public Run {
            containers = List.copyOf(containers);
            volumes = List.copyOf(volumes);
            readinessGates = List.copyOf(readinessGates);
        }
    }

    /** @param field path inside the pod, as a user would write it */
    record Unsupported(String field, String why) implements PodPlan {
        String message() {
            return "%s: %s".formatted(field, why);
        }
    }
}
