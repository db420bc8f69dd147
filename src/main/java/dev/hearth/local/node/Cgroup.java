package dev.hearth.local.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** The kernel's memory control, version 1 or 2, where this user may write it. A group of ours holds one group per run. */
final class Cgroup {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    /** A group is busy until the kernel has reaped its last process. */
    private static final int REMOVALS = 20;

    private static final long BETWEEN_REMOVALS_NANOS = 50_000_000;

    private final Path home;
    private final boolean unified;

    private Cgroup(Path home, boolean unified) {
        this.home = home;
        this.unified = unified;
    }

    static Optional<Cgroup> find(String instance) {
        boolean unified = Files.exists(ROOT.resolve("cgroup.controllers"));
        var parent = unified ? ROOT : ROOT.resolve("memory");
        if (!Files.isWritable(parent)) {
            return Optional.empty();
        }
        var home = parent.resolve("hearth-" + instance);
        try {
            Files.createDirectories(home);
            if (unified) {
                Files.writeString(parent.resolve("cgroup.subtree_control"), "+memory");
                Files.writeString(home.resolve("cgroup.subtree_control"), "+memory");
            }
            var found = new Cgroup(home, unified);
            found.sweep();
            return Optional.of(found);
        } catch (IOException notOurs) {
            return Optional.empty();
        }
    }

    /** @return the group, its limit set, ready to be entered */
    MemoryGroup create(String name, long limit) {
        var directory = home.resolve(name);
        try {
            Files.createDirectories(directory);
            Files.writeString(
                    directory.resolve(unified ? "memory.max" : "memory.limit_in_bytes"), Long.toString(limit));
            withoutSwap(directory, limit);
            return new MemoryGroup(directory, directory.resolve(unified ? "memory.events" : "memory.oom_control"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot limit memory in " + directory, e);
        }
    }

    private void withoutSwap(Path directory, long limit) throws IOException {
        var file = directory.resolve(unified ? "memory.swap.max" : "memory.memsw.limit_in_bytes");
        // Absent where the kernel does not account swap; then there is nothing to forbid.
        if (Files.exists(file)) {
            Files.writeString(file, unified ? "0" : Long.toString(limit));
        }
    }

    private void sweep() {
        Directories.list(home).stream().filter(Files::isDirectory).forEach(Cgroup::remove);
    }

    void close() {
        sweep();
        remove(home);
    }

    private static void remove(Path directory) {
        for (int attempt = 0; attempt < REMOVALS; attempt++) {
            try {
                Files.deleteIfExists(directory);
                return;
            } catch (IOException busy) {
                LockSupport.parkNanos(BETWEEN_REMOVALS_NANOS);
            }
        }
    }

    record MemoryGroup(Path directory, Path events) {
        /** Enters the group before the program exists, so that not one page of it is counted elsewhere. */
        List<String> entering() {
            return List.of(
                    "sh",
                    "-c",
                    "echo $$ > \"$0\" && exec \"$@\"",
                    directory.resolve("cgroup.procs").toString());
        }

        /** The kernel killed something in here. On version 1 that may be a renderer, not the container itself. */
        boolean killed() {
            try {
                return Files.readAllLines(events).stream()
                        .anyMatch(line -> line.startsWith("oom_kill ") && !line.equals("oom_kill 0"));
            } catch (IOException gone) {
                return false;
            }
        }

        void remove() {
            Cgroup.remove(directory);
        }
    }
}
