package dev.hearth.local.node;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The status of a pod that failed as a whole: it asks for something unsupported, or was lost with an earlier life. */
final class PodFailure {
    static final String NODE_LOST = "NodeLost";
    static final String UNSUPPORTED = "Unsupported";

    private PodFailure() {}

    static PodStatus status(Pod pod, String reason, String message, Instant now) {
        var known = Optional.ofNullable(pod.getStatus()).orElseGet(PodStatus::new);
        var unready = Stream.of("Ready", "ContainersReady")
                .map(type -> new PodConditionBuilder()
                        .withType(type)
                        .withStatus("False")
                        .withReason("PodFailed")
                        .withLastTransitionTime(Times.text(now))
                        .build())
                .toList();
        return new PodStatusBuilder()
                .withPhase(PodPhase.FAILED.text())
                .withReason(reason)
                .withMessage(message)
                .withConditions(unready)
                .withInitContainerStatuses(ended(known.getInitContainerStatuses(), now))
                .withContainerStatuses(ended(known.getContainerStatuses(), now))
                .build();
    }

    private static List<ContainerStatus> ended(List<ContainerStatus> containers, Instant now) {
        return containers.stream().map(container -> ended(container, now)).toList();
    }

    private static ContainerStatus ended(ContainerStatus container, Instant now) {
        return new ContainerStatusBuilder(container)
                .withReady(false)
                .withStarted(false)
                .withState(ended(container.getState(), now))
                .build();
    }

    /** A kubelet's own figures for a container whose end nobody saw. */
    private static ContainerState ended(ContainerState state, Instant now) {
        if (state.getRunning() == null) {
            return state;
        }
        return new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(137)
                .withReason("ContainerStatusUnknown")
                .withMessage("the container's end was not seen")
                .withStartedAt(state.getRunning().getStartedAt())
                .withFinishedAt(Times.text(now))
                .endTerminated()
                .build();
    }
}
