package dev.hearth.agent;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The agent's log: one line per change of state on standard output. Callers pass no grant, token or URL. */
final class Console {
    private Console() {}

    static void say(String what) {
        System.out.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " agent " + what);
    }
}
