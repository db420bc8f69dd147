package dev.hearth.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Where this pod's Chrome listens, by the file that it writes itself. Nothing else tells: a port that answers may be
 * another browser's.
 *
 * @param browserPath of the browser's WebSocket; random for each start of Chrome
 */
record ActivePort(int port, String browserPath) {
    private static final String FILE = "DevToolsActivePort";
    private static final Pattern CONTENT = Pattern.compile("(\\d{1,5})\n(/devtools/browser/[0-9A-Za-z-]{1,64})\\s*");

    /** What the file says now. */
    sealed interface Seen {
        record At(ActivePort where) implements Seen {}

        /** Not there, or only half written. */
        record Absent() implements Seen {}

        /** It could not be read this time, which says nothing about Chrome. */
        record Unreadable() implements Seen {}
    }

    static Seen look(Path chromeDir) {
        try {
            var match = CONTENT.matcher(Files.readString(chromeDir.resolve(FILE)));
            return match.matches()
                    ? new Seen.At(new ActivePort(Integer.parseInt(match.group(1)), match.group(2)))
                    : new Seen.Absent();
        } catch (NoSuchFileException absent) {
            return new Seen.Absent();
        } catch (IOException unreadable) {
            return new Seen.Unreadable();
        }
    }
}
