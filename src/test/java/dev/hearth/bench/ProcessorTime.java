package dev.hearth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;

/** What a process and all its children took of the processors, in seconds, as the kernel counted. */
record ProcessorTime(long pid) {
    /** Linux's unit of these counters on every architecture that Hearth runs on. */
    private static final double TICKS = 100;

    double seconds() {
        var own = ProcessHandle.of(pid).stream()
                .flatMap(it -> java.util.stream.Stream.concat(java.util.stream.Stream.of(it), it.descendants()))
                .mapToLong(ProcessHandle::pid)
                .flatMap(ProcessorTime::counters)
                .sum();
        return own / TICKS;
    }

    /** utime, stime, and those of children that have ended: fields 14 to 17, counted from behind the name. */
    private static LongStream counters(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return LongStream.range(11, 15).map(field -> Long.parseLong(fields[(int) field]));
        } catch (IOException ended) {
            return LongStream.empty();
        }
    }
}
