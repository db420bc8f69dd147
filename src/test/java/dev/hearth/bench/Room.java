package dev.hearth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** Where a benchmark keeps its files: nothing of an earlier run may be in it. */
final class Room {
    private Room() {}

    static Path emptied(String directory) throws IOException {
        var room = Path.of(directory);
        remove(room);
        return Files.createDirectories(room);
    }

    /** Files that go meanwhile by themselves, as those of a Chrome that ends, are fine. */
    static void remove(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (var files = Files.walk(directory)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
