package dev.hearth.local.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;

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
        killAll(process -> process.session() == leader || process.carries(mark));
    }

    /** Kills every process that carries the mark, whoever started it: what an earlier life of this node left. */
    static void killMarked(String mark) {
        killAll(process -> process.carries(mark));
    }

    private static void killAll(Predicate<Live> belongs) {
        for (int look = 0; look < LOOKS; look++) {
            var left = live().filter(belongs).toList();
            if (left.isEmpty()) {
                return;
            }
            left.forEach(process -> ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly));
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
        }
    }

    /** Memory in bytes, shared pages counted in part: the sum over a browser's processes is then what it really takes. */
    long memory() {
        return live().filter(process -> process.session() == leader)
                .mapToLong(process -> proportionalSize(process.pid()))
                .sum();
    }

    /**
     * A process as it was at one look: at the next it may be gone.
     *
     * @param status state, parent, group, session, …: what follows the name in {@code /proc/<pid>/stat}
     */
    private record Live(long pid, List<String> status) {
        static Stream<Live> look(long pid) {
            try {
                var text = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
                var status = List.of(text.substring(text.lastIndexOf(')') + 2).split(" "));
                return status.getFirst().equals("Z") ? Stream.of() : Stream.of(new Live(pid, status));
            } catch (IOException gone) {
                return Stream.of();
            }
        }

        long session() {
            return Long.parseLong(status.get(3));
        }

        boolean carries(String mark) {
            try {
                var environment = Files.readString(PROC.resolve(pid + "/environ"), StandardCharsets.ISO_8859_1);
                return List.of(environment.split("\0")).contains(mark);
            } catch (IOException goneOrNotOurs) {
                return false;
            }
        }
    }

    private static Stream<Live> live() {
        return Directories.list(PROC).stream()
                .map(path -> path.getFileName().toString())
                .filter(name -> Character.isDigit(name.charAt(0)))
                .map(Long::valueOf)
                .filter(pid -> pid != ProcessHandle.current().pid())
                .flatMap(Live::look);
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
