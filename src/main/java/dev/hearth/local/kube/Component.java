package dev.hearth.local.kube;

import dev.hearth.local.ChildProcesses;
import dev.hearth.local.LocalFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One program of the control plane, its log and how it is asked to stop. */
record Component(String name, Process process, Path log) {
    static Component start(String name, List<String> command, Path logs) {
        var log = logs.resolve(name + ".log");
        try {
            Files.deleteIfExists(log);
        } catch (IOException stillThere) {
            throw new LocalFailure("cannot replace " + log, "check the directory's owner", stillThere);
        }
        return new Component(name, ChildProcesses.start(ChildProcesses.Spec.of(command, log)), log);
    }

    void stop(Duration grace) {
        ChildProcesses.stop(process, "TERM", grace);
    }

    boolean lostItsPort() {
        return lastLines(200).stream().anyMatch(line -> line.contains("address already in use"));
    }

    /** What a person needs to see when the component did not come up. */
    String complaint() {
        return lastLines(200).reversed().stream()
                .filter(line ->
                        line.startsWith("E") || line.startsWith("F") || line.contains("rror") || line.contains("fatal"))
                .findFirst()
                .orElse(process.isAlive() ? "no error in its log" : "it exited with " + process.exitValue());
    }

    private List<String> lastLines(int count) {
        try {
            var lines = Files.readAllLines(log);
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
