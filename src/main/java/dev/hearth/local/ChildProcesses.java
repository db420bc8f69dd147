package dev.hearth.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Starts programs that die with this JVM however it ends, kill -9 included. Each leads a session and process group of its
 * own, so a terminal's Ctrl-C reaches this JVM only and stopping is ours to order.
 */
public final class ChildProcesses {
    /**
     * The kernel's parent-death signal follows the thread that forked, not the process: all children are forked by one
     * thread that never ends.
     */
    private static final ExecutorService FORKER = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("child-processes").factory());

    private ChildProcesses() {}

    /**
     * @param environment added to ours, or the whole of it when {@code cleanEnvironment}
     * @param log receives standard output and error, appended
     * @param deathSignal what the kernel sends when this JVM dies: KILL, or INT where a program must write its state down
     */
    public record Spec(
            List<String> command,
            Map<String, String> environment,
            boolean cleanEnvironment,
            @Nullable Path directory,
            Path log,
            String deathSignal) {
        public static Spec of(List<String> command, Path log) {
            return new Spec(command, Map.of(), false, null, log, "KILL");
        }
    }

    public static Process start(Spec spec) {
        var command = new ArrayList<>(List.of("setsid", "setpriv", "--pdeathsig", spec.deathSignal(), "--"));
        command.addAll(spec.command());
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(spec.log().toFile()));
        if (spec.directory() != null) {
            builder.directory(spec.directory().toFile());
        }
        if (spec.cleanEnvironment()) {
            builder.environment().clear();
        }
        builder.environment().putAll(spec.environment());
        try {
            return FORKER.submit(builder::start).get();
        } catch (ExecutionException failed) {
            throw new UncheckedIOException(
                    "cannot start " + spec.command().getFirst(), new IOException(failed.getCause()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "interrupted while starting " + spec.command().getFirst(), interrupted);
        }
    }

    /** Sends a signal (TERM, KILL, STOP, …) to the child's whole process group; a group that is gone is fine. */
    public static void signal(Process child, String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, "--", "-" + child.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks with {@code signal}, waits up to {@code grace}, then kills the group. Returns when the child is gone. */
    public static void stop(Process child, String signal, Duration grace) {
        try {
            signal(child, signal);
            if (!child.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                signal(child, "KILL");
                child.waitFor();
            }
        } catch (InterruptedException interrupted) {
            signal(child, "KILL");
            Thread.currentThread().interrupt();
        }
    }
}
