package dev.hearth.local.node;

import dev.hearth.local.node.ContainerStage.Exited;
import dev.hearth.local.node.ContainerStage.Running;
import dev.hearth.local.node.ContainerStage.Waiting;
import dev.hearth.local.node.PodSteps.Step;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The containers of one pod: what is seen of them, and what is done to them. Used by its runner's thread only. */
final class PodContainers {
    static final String FAILED_PULL = "ErrImagePull";
    static final String WAITING_TO_PULL = "ImagePullBackOff";

    private final Map<String, ContainerPlan> plans;
    private final Map<String, ContainerProgress> progress = new LinkedHashMap<>();
    private final Map<String, ContainerProcess> processes = new HashMap<>();
    private final Map<String, Prober> probers = new HashMap<>();
    private final Runnable changed;

    PodContainers(List<ContainerPlan> plans, Runnable changed) {
        this.plans = plans.stream().collect(Collectors.toMap(ContainerPlan::name, Function.identity()));
        this.changed = changed;
        plans.forEach(plan -> progress.put(plan.name(), ContainerProgress.of(plan)));
    }

    List<ContainerProgress> progress() {
        return List.copyOf(progress.values());
    }

    /** Looks at every process and probe. */
    List<ContainerProgress> observe(Instant now) {
        for (var name : List.copyOf(processes.keySet())) {
            var process = Objects.requireNonNull(processes.get(name));
            if (process.alive()) {
                process.watch();
                update(name, readiness(name));
            } else {
                ended(name, process, now);
            }
        }
        return progress();
    }

    private Function<ContainerStage, ContainerStage> readiness(String name) {
        var prober = probers.get(name);
        return stage -> stage instanceof Running(var since, var _, var term)
                ? new Running(since, prober == null || prober.ready(), term)
                : stage;
    }

    private void ended(String name, ContainerProcess process, Instant now) {
        processes.remove(name);
        Optional.ofNullable(probers.remove(name)).ifPresent(Prober::close);
        boolean logTail = Objects.requireNonNull(plans.get(name)).logTailAsMessage();
        update(name, _ -> process.exited(logTail, now));
    }

    void act(Step step, Optional<ContainerLauncher> launcher, Instant now) {
        switch (step) {
            case Step.Start(var name) -> launcher.ifPresent(ready -> start(name, ready));
            case Step.Terminate(var name) -> {
                process(name).ifPresent(ContainerProcess::terminate);
                update(
                        name,
                        stage -> stage instanceof Running(var since, var probed, var _)
                                ? new Running(since, probed, Optional.of(now))
                                : stage);
            }
            case Step.Kill(var name) -> process(name).ifPresent(ContainerProcess::kill);
        }
    }

    private void start(String name, ContainerLauncher launcher) {
        var current = Objects.requireNonNull(progress.get(name));
        int run = current.stage() instanceof Exited ? current.restarts() + 1 : current.restarts();
        switch (launcher.launch(Objects.requireNonNull(plans.get(name)), run, changed)) {
            case ContainerLauncher.Launched.NotYet(var reason, var message) ->
                update(name, stage -> stage instanceof Waiting before ? again(before, reason, message) : stage);
            case ContainerLauncher.Launched.Started(var process, var prober) -> {
                processes.put(name, process);
                prober.ifPresent(started -> probers.put(name, started));
                progress.put(
                        name, current.started(new Running(process.startedAt(), prober.isEmpty(), Optional.empty())));
            }
        }
    }

    /** As a kubelet names it: the first failed pull is an error, from then on it waits. */
    private static Waiting again(Waiting before, String reason, String message) {
        boolean pulledBefore =
                before.reason().equals(FAILED_PULL) || before.reason().equals(WAITING_TO_PULL);
        return new Waiting(reason.equals(FAILED_PULL) && pulledBefore ? WAITING_TO_PULL : reason, message);
    }

    /** At once and for good; nothing of this pod is alive afterwards. */
    void killAll(Instant now) {
        processes.values().forEach(ContainerProcess::kill);
        observe(now);
    }

    private Optional<ContainerProcess> process(String name) {
        return Optional.ofNullable(processes.get(name));
    }

    private void update(String name, Function<ContainerStage, ContainerStage> change) {
        progress.computeIfPresent(name, (_, current) -> current.with(change.apply(current.stage())));
    }
}
