package dev.hearth.local.node;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A tiny process that outlives this JVM by a second and kills what a kill -9 would leave: the kernel's parent-death signal
 * reaches a container's first process only, not its children. It learns of our death by the end of its input.
 */
final class DeathWatch implements AutoCloseable {
    private static final String SCRIPT = """
            groups=
            while read -r what group; do
              kept=
              for known in $groups; do [ "$known" = "$group" ] || kept="$kept $known"; done
              groups=$kept
              [ "$what" = "+" ] && groups="$groups $group"
            done
            for pass in 1 2 3; do
              for group in $groups; do kill -9 "-$group"; done
              for file in $(grep -lzxF "$1" /proc/[0-9]*/environ); do
                pid=${file#/proc/}
                kill -9 "${pid%/environ}"
              done
              sleep 0.3
            done
            """;

    private final Process watcher;
    private final OutputStream input;

    private DeathWatch(Process watcher) {
        this.watcher = watcher;
        this.input = watcher.getOutputStream();
    }

    /** @param mark an environment entry, {@code NAME=value}, that every process to be killed carries */
    static DeathWatch start(String mark) {
        try {
            // A session of its own: a terminal's Ctrl-C or hang-up must not reach it.
            return new DeathWatch(new ProcessBuilder("setsid", "sh", "-c", SCRIPT, "hearth-death-watch", mark)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the watch that cleans up after us", e);
        }
    }

    void add(long processGroup) {
        tell("+ " + processGroup);
    }

    /** Must follow the group's end at once: its number may be given to somebody else. */
    void remove(long processGroup) {
        tell("- " + processGroup);
    }

    private synchronized void tell(String line) {
        try {
            input.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the watch that cleans up after us is gone", e);
        }
    }

    @Override
    public void close() {
        try {
            input.close();
            watcher.waitFor(5, TimeUnit.SECONDS);
        } catch (IOException alreadyGone) {
            watcher.destroy();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
