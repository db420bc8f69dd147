package dev.hearth.local.node;

import dev.hearth.local.node.PathMapping.Mount;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** Turns a container's plan into a running process of one pod. */
final class ContainerLauncher {
    private static final boolean ROOT = runsAsRoot();

    private final NodeContext node;
    private final Pod pod;
    private final PodDirectory directory;
    private final Path base;
    private final String address;
    private final PodInputs inputs;

    ContainerLauncher(NodeContext node, Pod pod, Place place) {
        this.node = node;
        this.pod = pod;
        this.directory = place.directory();
        this.base = place.base();
        this.address = place.address();
        this.inputs = new PodInputs(node.client(), pod);
    }

    sealed interface Launched {
        record Started(ContainerProcess process, Optional<Prober> prober) implements Launched {}

        record NotYet(String reason, String message) implements Launched {}
    }

    Launched launch(ContainerPlan plan, int run, Runnable changed) {
        if (!(plan.program() instanceof LocalImages.Resolution.Found(var program, var _))) {
            return new Launched.NotYet(
                    PodContainers.FAILED_PULL, ((LocalImages.Resolution.NoImage) plan.program()).message());
        }
        return switch (inputs.environment(plan, address)) {
            case PodInputs.Resolved.Missing(var message) -> new Launched.NotYet("CreateContainerConfigError", message);
            case PodInputs.Resolved.Values(var values) -> {
                var paths = paths(plan);
                var mark = "%s/%s/%d".formatted(pod.getMetadata().getUid(), plan.name(), run);
                var command = LaunchCommand.of(
                        program, plan, values, new LaunchCommand.Surroundings(paths, ROOT, base(plan), imposed(mark)));
                yield start(plan, command, run, changed);
            }
        };
    }

    private Launched start(ContainerPlan plan, LaunchCommand command, int run, Runnable changed) {
        var mark = Objects.requireNonNull(command.environment().get(NodeContext.RUN_MARK));
        var group = group(plan, mark);
        var launch = new ContainerProcess.Launch(
                command,
                directory.home(directory.path(), plan.name()),
                directory.newLog(plan.name(), run),
                mark,
                group,
                group.isPresent() ? OptionalLong.empty() : plan.memoryLimit());
        var process =
                ContainerProcess.start(launch, node.deathWatch(), node.clock().instant());
        process.onExit(changed);
        var prober = plan.readiness()
                .map(probe ->
                        Prober.start(probe, new Prober.Target(address, paths(plan), command.environment()), changed));
        return new Launched.Started(process, prober);
    }

    /** One group per run: the kernel's count of kills starts at nought. */
    private Optional<Cgroup.MemoryGroup> group(ContainerPlan plan, String mark) {
        return plan.memoryLimit().isEmpty()
                ? Optional.empty()
                : node.cgroup()
                        .map(cgroup -> cgroup.create(
                                mark.replace('/', '.'), plan.memoryLimit().getAsLong()));
    }

    private PathMapping paths(ContainerPlan plan) {
        return new PathMapping(plan.volumeByMountPath().entrySet().stream()
                .map(mount -> new Mount(
                        mount.getKey(), directory.volume(base, mount.getValue()).toString()))
                .toList());
    }

    private Map<String, String> base(ContainerPlan plan) {
        return Map.of(
                "PATH", Objects.requireNonNullElse(System.getenv("PATH"), "/usr/local/bin:/usr/bin:/bin"),
                "LANG", "C.UTF-8",
                "HOME", directory.home(base, plan.name()).toString(),
                "TMPDIR", directory.temporary(base, plan.name()).toString());
    }

    private Map<String, String> imposed(String mark) {
        return Map.of(NodeContext.NODE_MARK, node.directory().instance(), NodeContext.RUN_MARK, mark);
    }

    private static boolean runsAsRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read our own user", e);
        }
    }
}
