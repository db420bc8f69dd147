package dev.hearth.local.node;

import dev.hearth.local.node.ContainerPlan.Role;
import dev.hearth.local.node.ContainerStage.Exited;
import dev.hearth.local.node.ContainerStage.Running;
import dev.hearth.local.node.ContainerStage.Waiting;
import java.util.Optional;

/** One container's plan-independent progress: what decisions and the status are made from. */
record ContainerProgress(
        String name, String image, Role role, ContainerStage stage, int restarts, Optional<Exited> previous) {
    static ContainerProgress of(ContainerPlan plan) {
        return new ContainerProgress(plan.name(), plan.image(), plan.role(), Waiting.CREATING, 0, Optional.empty());
    }

    ContainerProgress with(ContainerStage next) {
        return new ContainerProgress(name, image, role, next, restarts, previous);
    }

    /** A run after an earlier one keeps how that one ended. */
    ContainerProgress started(Running run) {
        return stage instanceof Exited exited
                ? new ContainerProgress(name, image, role, run, restarts + 1, Optional.of(exited))
                : with(run);
    }

    boolean running() {
        return stage instanceof Running;
    }

    boolean ready() {
        return stage instanceof Running run && run.ready();
    }

    /** Its part of initialization is done: an init container that completed, a sidecar that was started. */
    boolean initialized() {
        return switch (role) {
            case INIT -> stage instanceof Exited exited && exited.success();
            case SIDECAR -> !(stage instanceof Waiting);
            case MAIN -> true;
        };
    }
}
