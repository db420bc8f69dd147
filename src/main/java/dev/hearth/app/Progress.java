package dev.hearth.app;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/** Says what is being done and how long it took, one line a step, in the words of {@code scripts/step}. */
final class Progress {
    private final PrintStream out;

    Progress(PrintStream out) {
        this.out = out;
    }

    /** Runs the step; a failure is left to the caller, after the step was named. */
    <T> T step(String name, Supplier<T> work) {
        var started = System.nanoTime();
        try {
            var result = work.get();
            out.println("✓ " + name + " (" + seconds(System.nanoTime() - started) + ")");
            return result;
        } catch (RuntimeException failed) {
            out.println("✗ " + name + " failed after " + seconds(System.nanoTime() - started));
            throw failed;
        }
    }

    void say(String line) {
        out.println(line);
    }

    static String seconds(long nanos) {
        return "%.1f s"
                .formatted(Duration.ofNanos(nanos).toMillis() / 1000.0)
                .replace(',', '.')
                .toLowerCase(Locale.ROOT);
    }
}
