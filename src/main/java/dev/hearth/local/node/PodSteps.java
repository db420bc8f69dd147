package dev.hearth.local.node;

import dev.hearth.local.node.ContainerPlan.Role;
import dev.hearth.local.node.ContainerStage.Exited;
import dev.hearth.local.node.ContainerStage.Running;
import dev.hearth.local.node.ContainerStage.Waiting;
import dev.hearth.local.node.PodPlan.RestartPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Decides what to do next with a pod's containers: init containers and sidecars in order, then the main ones; the other
 * way round when the pod ends. Pure: the caller acts, observes, and asks again.
 */
final class PodSteps {
    /** Sidecars may say goodbye even when the main containers used up the whole grace: a kubelet gives them 2 s too. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private PodSteps() {}

    sealed interface Step {
        String container();

        record Start(String container) implements Step {}

        record Terminate(String container) implements Step {}

        record Kill(String container) implements Step {}
    }

    /** The order to end, from outside (deletion, eviction, shutdown). */
    record Stop(Instant since, Duration grace) {}

    /**
     * @param wakeAt when to ask again although nothing happened
     * @param finished nothing runs and nothing will
     */
    record Decision(List<Step> steps, Optional<Instant> wakeAt, boolean finished) {
        private static Decision waiting() {
            return new Decision(List.of(), Optional.empty(), false);
        }
    }

    static Decision decide(List<ContainerProgress> containers, PodPlan.Run plan, Optional<Stop> ordered, Instant now) {
        return ordered.or(() -> ownEnd(containers, plan))
                .map(stop -> stopping(containers, stop, now))
                .orElseGet(() -> advancing(containers, plan.restart(), now));
    }

    /** The pod ends by itself: initialization failed for good, or every main container is done. */
    static Optional<Stop> ownEnd(List<ContainerProgress> containers, PodPlan.Run plan) {
        var failedInit = containers.stream()
                .filter(c -> c.role() == Role.INIT && c.stage() instanceof Exited exited && !exited.success())
                .filter(c -> !restarts(c, plan.restart()))
                .findFirst();
        if (failedInit.isPresent()) {
            return Optional.of(new Stop(((Exited) failedInit.get().stage()).finishedAt(), plan.grace()));
        }
        var main = containers.stream().filter(c -> c.role() == Role.MAIN).toList();
        if (!main.stream().allMatch(c -> c.stage() instanceof Exited && !restarts(c, plan.restart()))) {
            return Optional.empty();
        }
        return main.stream()
                .map(c -> ((Exited) c.stage()).finishedAt())
                .max(Comparator.naturalOrder())
                .map(last -> new Stop(last, plan.grace()));
    }

    /** Whether a container that exited is to run again while its pod lives. */
    static boolean restarts(ContainerProgress container, RestartPolicy policy) {
        if (!(container.stage() instanceof Exited exited)) {
            return false;
        }
        return switch (container.role()) {
            case SIDECAR -> true;
            case INIT -> !exited.success() && policy != RestartPolicy.NEVER;
            case MAIN ->
                switch (policy) {
                    case ALWAYS -> true;
                    case ON_FAILURE -> !exited.success();
                    case NEVER -> false;
                };
        };
    }

    private static Decision advancing(List<ContainerProgress> containers, RestartPolicy policy, Instant now) {
        var steps = new ArrayList<Step>();
        Optional<Instant> wakeAt = Optional.empty();
        for (var container : containers) {
            if (container.stage() instanceof Waiting) {
                steps.add(new Step.Start(container.name()));
            } else if (container.stage() instanceof Exited exited && restarts(container, policy)) {
                var due = exited.finishedAt().plus(BackOff.beforeRestart(container.restarts()));
                if (due.isAfter(now)) {
                    wakeAt = Optional.of(wakeAt.filter(due::isAfter).orElse(due));
                } else {
                    steps.add(new Step.Start(container.name()));
                }
            }
            if (!container.initialized()) {
                break;
            }
        }
        return new Decision(List.copyOf(steps), wakeAt, false);
    }

    private static Decision stopping(List<ContainerProgress> containers, Stop stop, Instant now) {
        var running = containers.stream().filter(ContainerProgress::running).toList();
        if (running.isEmpty()) {
            return new Decision(List.of(), Optional.empty(), true);
        }
        if (stop.grace().isZero()) {
            return kills(running, now);
        }
        var first = running.stream().filter(c -> c.role() != Role.SIDECAR).toList();
        return ending(first.isEmpty() ? List.of(running.getLast()) : first, stop, now);
    }

    private static Decision ending(List<ContainerProgress> group, Stop stop, Instant now) {
        var decision = Decision.waiting();
        for (var container : group) {
            if (!(container.stage() instanceof Running run)) {
                continue;
            }
            if (run.termSentAt().isEmpty()) {
                decision = plus(decision, new Step.Terminate(container.name()), now);
                continue;
            }
            var deadline = deadline(container, run.termSentAt().get(), stop);
            decision = deadline.isAfter(now)
                    ? new Decision(decision.steps(), Optional.of(deadline), false)
                    : plus(decision, new Step.Kill(container.name()), now);
        }
        return decision;
    }

    private static Instant deadline(ContainerProgress container, Instant termSentAt, Stop stop) {
        var end = stop.since().plus(stop.grace());
        var lastWords = termSentAt.plus(LAST_WORDS);
        return container.role() == Role.SIDECAR && lastWords.isAfter(end) ? lastWords : end;
    }

    private static Decision kills(List<ContainerProgress> running, Instant now) {
        return new Decision(
                running.stream().<Step>map(c -> new Step.Kill(c.name())).toList(),
                Optional.of(now.plusSeconds(1)),
                false);
    }

    private static Decision plus(Decision decision, Step step, Instant now) {
        var steps = new ArrayList<>(decision.steps());
        steps.add(step);
        return new Decision(List.copyOf(steps), decision.wakeAt().or(() -> Optional.of(now.plusSeconds(1))), false);
    }
}
