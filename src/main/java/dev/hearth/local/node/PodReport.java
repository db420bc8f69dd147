package dev.hearth.local.node;

import dev.hearth.local.node.ContainerPlan.Role;
import dev.hearth.local.node.ContainerStage.Exited;
import dev.hearth.local.node.ContainerStage.Running;
import dev.hearth.local.node.ContainerStage.Waiting;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.HostIP;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Explains a pod: facts → the status object that the API server gets. Pure. */
final class PodReport {
    static final String HOST_ADDRESS = "127.0.0.1";

    private PodReport() {}

    /**
     * @param evicted why the node put an end to it
     * @param waitsFor what its first container still waits for; empty: nothing
     * @param ending no container will be started again
     */
    record Facts(
            String uid,
            PodPhase phase,
            Optional<String> evicted,
            Optional<String> address,
            String waitsFor,
            Instant startedAt,
            PodPlan.RestartPolicy restart,
            boolean ending,
            List<ContainerProgress> containers,
            List<String> readinessGates) {
        boolean prepared() {
            return address.isPresent() && waitsFor.isEmpty();
        }
    }

    static PodStatus status(Facts facts, PodStatus known, Instant now) {
        var builder = new PodStatusBuilder()
                .withPhase(facts.phase().text())
                .withReason(facts.evicted().map(_ -> "Evicted").orElse(null))
                .withMessage(facts.evicted().orElse(null))
                .withHostIP(HOST_ADDRESS)
                .withHostIPs(new HostIP(HOST_ADDRESS))
                .withStartTime(Times.text(facts.startedAt()))
                .withConditions(PodConditions.of(facts, known.getConditions(), now))
                .withInitContainerStatuses(statuses(facts, true))
                .withContainerStatuses(statuses(facts, false));
        facts.address().ifPresent(ip -> builder.withPodIP(ip).withPodIPs(new PodIP(ip)));
        return builder.build();
    }

    private static List<ContainerStatus> statuses(Facts facts, boolean initial) {
        return facts.containers().stream()
                .filter(c -> (c.role() != Role.MAIN) == initial)
                .map(c -> status(c, facts))
                .toList();
    }

    private static ContainerStatus status(ContainerProgress container, Facts facts) {
        boolean again = !facts.ending() && PodSteps.restarts(container, facts.restart());
        boolean ran = !(container.stage() instanceof Waiting);
        var builder = new ContainerStatusBuilder()
                .withName(container.name())
                .withImage(container.image())
                .withImageID(ran ? "local/" + container.image() : "")
                .withContainerID(
                        ran ? "local://" + facts.uid() + "/" + container.name() + "/" + container.restarts() : "")
                .withRestartCount(container.restarts())
                .withStarted(container.running())
                .withReady(container.role() == Role.INIT ? container.initialized() : container.ready())
                .withState(again ? crashLoop(container) : state(container, facts));
        lastRun(container, again).ifPresent(last -> builder.withLastState(terminated(last)));
        return builder.build();
    }

    private static Optional<Exited> lastRun(ContainerProgress container, boolean again) {
        return again && container.stage() instanceof Exited exited ? Optional.of(exited) : container.previous();
    }

    private static ContainerState crashLoop(ContainerProgress container) {
        var delay = BackOff.beforeRestart(container.restarts());
        return waiting(
                "CrashLoopBackOff",
                "back-off %ds restarting container %s".formatted(delay.toSeconds(), container.name()));
    }

    private static ContainerState state(ContainerProgress container, Facts facts) {
        return switch (container.stage()) {
            case Waiting waiting ->
                waiting == Waiting.CREATING && container.role() == Role.MAIN && !initialized(facts)
                        ? waiting(Waiting.INITIALIZING.reason(), "")
                        : waiting(waiting.reason(), waiting.message());
            case Running running ->
                new ContainerStateBuilder()
                        .withNewRunning()
                        .withStartedAt(Times.text(running.startedAt()))
                        .endRunning()
                        .build();
            case Exited exited -> terminated(exited);
        };
    }

    private static boolean initialized(Facts facts) {
        return facts.containers().stream().allMatch(ContainerProgress::initialized);
    }

    private static ContainerState waiting(String reason, String message) {
        return new ContainerStateBuilder()
                .withNewWaiting()
                .withReason(reason)
                .withMessage(message.isEmpty() ? null : message)
                .endWaiting()
                .build();
    }

    private static ContainerState terminated(Exited exited) {
        return new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(exited.exitCode())
                .withSignal(exited.signal().orElse(null))
                .withReason(exited.reason())
                .withMessage(exited.message().isEmpty() ? null : exited.message())
                .withStartedAt(Times.text(exited.startedAt()))
                .withFinishedAt(Times.text(exited.finishedAt()))
                .endTerminated()
                .build();
    }
}
