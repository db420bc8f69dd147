package dev.hearth.operator.pool;

import dev.hearth.claim.EndReason;
import dev.hearth.operator.Labels;
import dev.hearth.pool.PodSighting;
import dev.hearth.pool.PodSighting.Phase;
import dev.hearth.pool.Trouble;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a pod's object says about its browser. */
record PodSightings(Function<String, String> zoneOfNode) {
    private static final Map<String, Trouble.Kind> WAITING = Map.ofEntries(
            Map.entry("ErrImagePull", Trouble.Kind.IMAGE_PULL_FAILED),
            Map.entry("ImagePullBackOff", Trouble.Kind.IMAGE_PULL_FAILED),
            Map.entry("InvalidImageName", Trouble.Kind.IMAGE_PULL_FAILED),
            Map.entry("ErrImageNeverPull", Trouble.Kind.IMAGE_PULL_FAILED),
            Map.entry("CreateContainerConfigError", Trouble.Kind.CONTAINER_CONFIG),
            Map.entry("CreateContainerError", Trouble.Kind.CONTAINER_CONFIG),
            Map.entry("RunContainerError", Trouble.Kind.CONTAINER_CONFIG),
            Map.entry("CrashLoopBackOff", Trouble.Kind.CRASH_LOOP));

    PodSighting of(Pod pod) {
        var meta = pod.getMetadata();
        var ready = condition(pod, "Ready");
        var isReady = ready.filter(is -> "True".equals(is.getStatus())).isPresent();
        var node = pod.getSpec().getNodeName();
        return new PodSighting(
                meta.getUid(),
                phase(pod),
                isReady,
                isReady
                        ? null
                        : ready.map(PodCondition::getLastTransitionTime)
                                .map(Instant::parse)
                                .orElse(null),
                meta.getDeletionTimestamp() != null,
                node != null && !node.isEmpty(),
                Instant.parse(meta.getCreationTimestamp()),
                trouble(pod),
                end(pod),
                pod.getStatus().getPodIP() + ":" + BrowserContainers.AGENT_PORT,
                node == null || node.isEmpty() ? "" : zoneOfNode.apply(node),
                Optional.ofNullable(meta.getLabels().get(Labels.STATE)).orElse(""));
    }

    /** Chrome's own end is the browser's end, even while the agent beside it still says goodbye. */
    private static Phase phase(Pod pod) {
        var phase = pod.getStatus().getPhase();
        if ("Succeeded".equals(phase) || "Failed".equals(phase) || exit(pod).isPresent()) {
            return Phase.FINISHED;
        }
        return "Running".equals(phase) ? Phase.RUNNING : Phase.PENDING;
    }

    private static @Nullable Trouble trouble(Pod pod) {
        var waiting = containers(pod)
                .map(ContainerStatus::getState)
                .filter(state -> state != null && state.getWaiting() != null)
                .map(ContainerState::getWaiting)
                .filter(state -> WAITING.containsKey(state.getReason()))
                .findFirst();
        if (waiting.isPresent()) {
            var state = waiting.get();
            if (lacksSeccompProfile(state)) {
                return new Trouble(
                        Trouble.Kind.SECCOMP_PROFILE_MISSING,
                        "node " + pod.getSpec().getNodeName() + " lacks Chrome's seccomp profile " + seccompProfile(pod)
                                + " (the chart's seccompInstaller puts it there)");
            }
            return new Trouble(
                    WAITING.getOrDefault(state.getReason(), Trouble.Kind.CRASH_LOOP),
                    state.getReason() + ": " + text(state.getMessage()));
        }
        var unschedulable = condition(pod, "PodScheduled").filter(is -> "Unschedulable".equals(is.getReason()));
        if (unschedulable.isPresent()) {
            return new Trouble(
                    Trouble.Kind.UNSCHEDULABLE, text(unschedulable.get().getMessage()));
        }
        return finished(pod);
    }

    /** Container runtimes have no reason of their own for it: containerd says "cannot load seccomp profile". */
    private static boolean lacksSeccompProfile(ContainerStateWaiting state) {
        return WAITING.get(state.getReason()) == Trouble.Kind.CONTAINER_CONFIG
                && text(state.getMessage()).toLowerCase(Locale.ROOT).contains("seccomp");
    }

    private static String seccompProfile(Pod pod) {
        return pod.getSpec().getContainers().stream()
                .map(Container::getSecurityContext)
                .filter(context -> context != null && context.getSeccompProfile() != null)
                .map(context -> text(context.getSeccompProfile().getLocalhostProfile()))
                .collect(Collectors.joining());
    }

    private static @Nullable Trouble finished(Pod pod) {
        if (phase(pod) != Phase.FINISHED) {
            return null;
        }
        var exit = exit(pod);
        if (exit.isPresent()) {
            var terminated = exit.get().getTerminated();
            return new Trouble(
                    Trouble.Kind.CRASH_LOOP,
                    "Chrome exited with %d (%s) %s"
                            .formatted(
                                    terminated.getExitCode(),
                                    text(terminated.getReason()),
                                    text(terminated.getMessage()))
                            .strip());
        }
        var status = pod.getStatus();
        return new Trouble(
                Trouble.Kind.CRASH_LOOP, (text(status.getReason()) + " " + text(status.getMessage())).strip());
    }

    private static EndReason end(Pod pod) {
        var outOfMemory = containers(pod)
                .flatMap(status ->
                        Stream.of(Optional.ofNullable(status.getState()), Optional.ofNullable(status.getLastState())))
                .flatMap(Optional::stream)
                .anyMatch(state -> state.getTerminated() != null
                        && "OOMKilled".equals(state.getTerminated().getReason()));
        if (outOfMemory) {
            return EndReason.OUT_OF_MEMORY;
        }
        if ("Evicted".equals(pod.getStatus().getReason())
                || condition(pod, "DisruptionTarget")
                        .filter(is -> "True".equals(is.getStatus()))
                        .isPresent()) {
            return EndReason.EVICTED;
        }
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            return EndReason.POD_LOST;
        }
        return "Succeeded".equals(pod.getStatus().getPhase()) ? EndReason.BROWSER_CLOSED : EndReason.BROWSER_CRASHED;
    }

    private static Optional<ContainerState> exit(Pod pod) {
        return statuses(pod.getStatus().getContainerStatuses())
                .filter(status -> "browser".equals(status.getName()))
                .map(ContainerStatus::getState)
                .filter(state -> state != null && state.getTerminated() != null)
                .findFirst();
    }

    private static Stream<ContainerStatus> containers(Pod pod) {
        return Stream.concat(
                statuses(pod.getStatus().getContainerStatuses()),
                statuses(pod.getStatus().getInitContainerStatuses()));
    }

    private static Stream<ContainerStatus> statuses(@Nullable List<ContainerStatus> list) {
        return list == null ? Stream.empty() : list.stream();
    }

    private static Optional<PodCondition> condition(Pod pod, String type) {
        var conditions = pod.getStatus().getConditions();
        return conditions == null
                ? Optional.empty()
                : conditions.stream().filter(is -> type.equals(is.getType())).findFirst();
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
