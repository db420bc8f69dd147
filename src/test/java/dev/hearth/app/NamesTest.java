package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.TestJvm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How soon Hearth finds what has come back under its old name. In a JVM of its own, with a file for a name server. */
class NamesTest {
    @TempDir
    Path folder;

    @Test
    void aNameThatWasUnknownIsFoundWithinTwoSecondsOfBeingBack() throws Exception {
        assertThat(millisUntilFound("soon")).isLessThan(2_000);
    }

    /** Or the promise above would be Java's own. */
    @Test
    void javaByItselfRemembersForLongerThatANameIsUnknown() throws Exception {
        assertThat(millisUntilFound("never")).isEqualTo(Looking.GAVE_UP);
    }

    private int millisUntilFound(String forgets) throws IOException, InterruptedException {
        var hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 other.test\n");
        var looking = new ProcessBuilder(TestJvm.command(
                        "-Djdk.net.hosts.file=" + hosts,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Looking.class.getName(),
                        hosts.toString(),
                        forgets))
                .inheritIO()
                .start();
        assertThat(looking.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return looking.exitValue() * Looking.STEP_MILLIS;
    }

    /** Exits with how many steps it took to find the name. */
    static final class Looking {
        static final int STEP_MILLIS = 100;
        static final int GAVE_UP = 4_000;

        public static void main(String... args) throws Exception {
            if (args[1].equals("soon")) {
                Main.forgetNamesSoon();
            }
            if (isKnown()) {
                throw new IllegalStateException("known before it is there");
            }
            Files.writeString(Path.of(args[0]), "127.0.0.1 database.test\n");
            var steps = 0;
            while (!isKnown() && steps < GAVE_UP / STEP_MILLIS) {
                TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
                steps++;
            }
            System.exit(steps);
        }

        private static boolean isKnown() {
            try {
                InetAddress.getByName("database.test");
                return true;
            } catch (UnknownHostException _) {
                return false;
            }
        }
    }
}
