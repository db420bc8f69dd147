package dev.hearth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What processes have used of the processor so far, by the kernel's count. */
final class CpuTime {
    /** Of /proc/…/stat: the same on every Linux that Java runs on. */
    private static final double TICK_MICROS = 10_000;

    private CpuTime() {}

    /** Microseconds of Postgres and of the JVM that a cell is about. */
    record Used(double postgres, double jvm) {
        Used since(Used before) {
            return new Used(postgres - before.postgres, jvm - before.jvm);
        }
    }

    interface Meter {
        Used read() throws IOException;
    }

    /** A process with several threads, to a hundredth of a second. */
    static double ofProcess(long pid) throws IOException {
        var fields = stat(pid);
        return (ticks(fields, 14) + ticks(fields, 15)) * TICK_MICROS;
    }

    /** PostgreSQL with its children, those that have ended too. Each has one thread, so the fine count is whole. */
    static double ofPostgres(long postmaster) throws IOException {
        var fields = stat(postmaster);
        var micros = ofThread(postmaster) + (ticks(fields, 16) + ticks(fields, 17)) * TICK_MICROS;
        for (var child : children(postmaster)) {
            micros += ofThread(child);
        }
        return micros;
    }

    /** Nothing, where it has ended. */
    static double ofThread(long pid) {
        try {
            return Long.parseLong(Files.readString(Path.of("/proc/" + pid + "/schedstat"))
                            .split(" ")[0])
                    / 1e3;
        } catch (IOException ended) {
            return 0;
        }
    }

    private static List<Long> children(long parent) {
        return ProcessHandle.of(parent).stream()
                .flatMap(ProcessHandle::children)
                .map(ProcessHandle::pid)
                .toList();
    }

    /** The fields after the name, which may hold spaces; numbered as in proc(5). */
    private static String[] stat(long pid) throws IOException {
        var text = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return text.substring(text.lastIndexOf(')') + 2).split(" ");
    }

    private static double ticks(String[] fields, int number) {
        return Long.parseLong(fields[number - 3]);
    }
}
