package dev.hearth.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Only of a browser that serves several sessions, one after the other: how its next Chrome comes to be.
 *
 * @param mark a file beside Chrome's profile: whoever keeps Chrome's process starts a new one where it finds this as the old
 *     one ends, and removes it with all else that is left
 * @param patience from a session's end until the next Chrome answers
 */
record Again(Path mark, Duration patience) {
    void ask() throws IOException {
        Files.write(mark, new byte[0]);
    }

    /** The next Chrome to end is the last one. */
    void callOff() {
        try {
            Files.deleteIfExists(mark);
        } catch (IOException unwritable) {
            Console.say("cannot remove " + mark + ": " + unwritable.getMessage());
        }
    }
}
