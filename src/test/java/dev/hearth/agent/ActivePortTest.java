package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActivePortTest {
    @TempDir
    Path directory;

    @Test
    void readsPortAndPath() throws Exception {
        write("4711\n/devtools/browser/a52c4113-c90d");
        assertThat(ActivePort.look(directory))
                .isEqualTo(new ActivePort.Seen.At(new ActivePort(4711, "/devtools/browser/a52c4113-c90d")));
    }

    @Test
    void aMissingOrHalfWrittenFileIsAbsent() throws Exception {
        assertThat(ActivePort.look(directory)).isInstanceOf(ActivePort.Seen.Absent.class);
        for (var half : new String[] {"", "47", "4711\n", "4711\n/devtools/bro", "4711\n/etc/passwd"}) {
            write(half);
            assertThat(ActivePort.look(directory)).as(half).isInstanceOf(ActivePort.Seen.Absent.class);
        }
    }

    @Test
    void anUnreadableFileSaysNothing() throws Exception {
        Files.createDirectory(directory.resolve("DevToolsActivePort"));
        assertThat(ActivePort.look(directory)).isInstanceOf(ActivePort.Seen.Unreadable.class);
    }

    private void write(String text) throws Exception {
        Files.writeString(directory.resolve("DevToolsActivePort"), text);
    }
}
