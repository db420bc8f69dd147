package dev.hearth.local.node;

import dev.hearth.local.ChildProcesses;
import dev.hearth.local.node.Cgroup.MemoryGroup;
import dev.hearth.local.node.ContainerStage.Exited;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** One run of one container. When its first process ends, {@link #exited} takes all the others with it. */
final class ContainerProcess {
    private final Process process;
    private final ProcessTree tree;
    private final Launch launch;
    private final Instant startedAt;
    private final DeathWatch deathWatch;
    private volatile boolean overLimit;

    private ContainerProcess(Process process, Launch launch, Instant startedAt, DeathWatch deathWatch) {
        this.process = process;
        this.launch = launch;
        this.startedAt = startedAt;
        this.deathWatch = deathWatch;
        this.tree = new ProcessTree(process.pid(), NodeContext.RUN_MARK + "=" + launch.mark());
    }

    /**
     * @param mark unique to this run; every process of it carries it in its environment
     * @param watched the memory limit, where no group of the kernel holds it
     */
    record Launch(
            LaunchCommand command,
            Path workingDirectory,
            LogFile log,
            String mark,
            Optional<MemoryGroup> group,
            OptionalLong watched) {}

    static ContainerProcess start(Launch launch, DeathWatch deathWatch, Instant now) {
        var command = new ArrayList<>(launch.group().map(MemoryGroup::entering).orElse(List.of()));
        command.addAll(launch.command().argv());
        var environment = launch.command().environment();
        var process = ChildProcesses.start(new ChildProcesses.Spec(
                command,
                environment,
                true,
                launch.workingDirectory(),
                launch.log().path(),
                "KILL"));
        deathWatch.add(process.pid());
        return new ContainerProcess(process, launch, now, deathWatch);
    }

    Instant startedAt() {
        return startedAt;
    }

    Map<String, String> environment() {
        return launch.command().environment();
    }

    void onExit(Runnable action) {
        var _ = process.onExit().thenRun(action);
    }

    boolean alive() {
        return process.isAlive();
    }

    /** To the first process only, as a container runtime does: a browser ends its own children in its own order. */
    void terminate() {
        process.destroy();
    }

    void kill() {
        tree.kill();
    }

    /** Keeps what the kernel does not keep for us. */
    void watch() {
        launch.log().bound();
        if (launch.watched().isPresent() && tree.memory() > launch.watched().getAsLong()) {
            overLimit = true;
            tree.kill();
        }
    }

    /** Only after the end; kills what the first process left behind. */
    Exited exited(boolean logTailAsMessage, Instant now) {
        tree.kill();
        deathWatch.remove(process.pid());
        int code = process.exitValue();
        boolean outOfMemory =
                overLimit || launch.group().map(MemoryGroup::killed).orElse(false);
        launch.group().ifPresent(MemoryGroup::remove);
        var message = logTailAsMessage && code != 0 ? launch.log().tail() : "";
        return new Exited(code, outOfMemory, message, startedAt, now);
    }
}
