package dev.hearth.local.node;

import dev.hearth.local.node.ContainerPlan.Role;
import dev.hearth.local.node.ContainerStage.Exited;
import dev.hearth.local.node.ContainerStage.Waiting;
import java.util.List;

/** A pod's phase as a kubelet computes it from its containers. */
enum PodPhase {
    PENDING("Pending"),
    RUNNING("Running"),
    SUCCEEDED("Succeeded"),
    FAILED("Failed");

    private final String text;

    PodPhase(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    boolean terminal() {
        return this == SUCCEEDED || this == FAILED;
    }

    /** @param finished nothing runs and nothing will: a container that never started then counts as failed */
    static PodPhase of(List<ContainerProgress> containers, boolean finished) {
        if (finished) {
            return ended(containers) ? SUCCEEDED : FAILED;
        }
        if (!containers.stream().allMatch(ContainerProgress::initialized)) {
            return PENDING;
        }
        var main = containers.stream().filter(c -> c.role() == Role.MAIN).toList();
        // A sidecar that still says goodbye keeps the pod Running: its address and files are in use.
        return main.stream().anyMatch(c -> c.stage() instanceof Waiting) ? PENDING : RUNNING;
    }

    private static boolean ended(List<ContainerProgress> containers) {
        return containers.stream()
                .filter(c -> c.role() != Role.SIDECAR)
                .allMatch(c -> c.stage() instanceof Exited exited && exited.success());
    }
}
