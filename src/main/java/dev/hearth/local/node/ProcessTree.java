package dev.hearth.local.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/**
 * All processes of one run of a container: those of the session that its first process leads, and those that left it but
 * still carry its mark in their environment. Zombies do not count.
 */
record ProcessTree(long leader, String mark) {
    private static final Path PROC = Path.of("/proc");
    private static final long PAGE = 4096;
    /** Killed processes are gone within milliseconds; one in uninterruptible I/O may take seconds. */
    private static final int LOOKS = 60;

    private static final long BETWEEN_LOOKS_NANOS = 50_000_000;

    /** Kills and waits until nothing is left. */
    void kill() {
        killAll(pid -> session(pid) == leader || carries(pid, mark));
    }

    /** Kills every process that carries the mark, whoever started it: what an earlier life of this node left. */
    static void killMarked(String mark) {
        killAll(pid -> carries(pid, mark));
    }

    private static void killAll(LongPredicate belongs) {
        for (int look = 0; look < LOOKS; look++) {
            var left = live().filter(belongs).toArray();
            if (left.length == 0) {
                return;
            }
            Arrays.stream(left)
                    .mapToObj(ProcessHandle::of)
                    .forEach(handle -> handle.ifPresent(ProcessHandle::destroyForcibly));
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
        }
    }

    /** Memory in bytes, shared pages counted in part: the sum over a browser's processes is then what it really takes. */
    long memory() {
        return live().filter(pid -> session(pid) == leader)
                .map(ProcessTree::proportionalSize)
                .sum();
    }

    private static LongStream live() {
        return Directories.list(PROC).stream()
                .map(path -> path.getFileName().toString())
                .filter(name -> Character.isDigit(name.charAt(0)))
                .mapToLong(Long::parseLong)
                .filter(pid -> pid != ProcessHandle.current().pid())
                .filter(pid -> !status(pid).isEmpty() && !status(pid).getFirst().equals("Z"));
    }

    /** State, parent, group, session, …: what follows the name in {@code /proc/<pid>/stat}. Empty: no such process. */
    private static List<String> status(long pid) {
        try {
            var text = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            return List.of(text.substring(text.lastIndexOf(')') + 2).split(" "));
        } catch (IOException gone) {
            return List.of();
        }
    }

    private static long session(long pid) {
        var status = status(pid);
        return status.isEmpty() ? -1 : Long.parseLong(status.get(3));
    }

    private static boolean carries(long pid, String mark) {
        try {
            var environment = Files.readString(PROC.resolve(pid + "/environ"), StandardCharsets.ISO_8859_1);
            return List.of(environment.split("\0")).contains(mark);
        } catch (IOException goneOrNotOurs) {
            return false;
        }
    }

    private static long proportionalSize(long pid) {
        try {
            return Files.readAllLines(PROC.resolve(pid + "/smaps_rollup")).stream()
                    .filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .sum();
        } catch (IOException hidden) {
            return unsharedSize(pid);
        }
    }

    /** A sandboxed renderer shows its maps to nobody but root. */
    private static long unsharedSize(long pid) {
        try {
            var pages = Files.readString(PROC.resolve(pid + "/statm")).split(" ");
            return (Long.parseLong(pages[1]) - Long.parseLong(pages[2])) * PAGE;
        } catch (IOException gone) {
            return 0;
        }
    }
}
