package dev.hearth.local.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** One pod's files: volumes, homes and temporary directories, and logs, which outlive the rest until the pod object goes. */
record PodDirectory(Path path, Path memory) {
    void create() {
        Directories.create(path);
    }

    Path volume(Path base, String name) {
        return base.resolve("volumes").resolve(name);
    }

    Path createVolume(VolumePlan plan) {
        var place = volume(path, plan.name());
        if (!(plan instanceof VolumePlan.EmptyDirectory empty) || !empty.memory()) {
            return Directories.create(place);
        }
        Directories.create(path.resolve("volumes"));
        var target = Directories.create(memory.resolve(plan.name()));
        try {
            Files.deleteIfExists(place);
            return Files.createSymbolicLink(place, target);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + place, e);
        }
    }

    /** @param base this directory under the name that the container knows */
    Path home(Path base, String container) {
        Directories.create(path.resolve("home").resolve(container));
        return base.resolve("home").resolve(container);
    }

    Path temporary(Path base, String container) {
        Directories.create(path.resolve("tmp").resolve(container));
        return base.resolve("tmp").resolve(container);
    }

    /** Keeps the log of the run before, as a kubelet does. */
    LogFile newLog(String container, int run) {
        var directory = Directories.create(logs(container));
        Directories.list(directory).stream()
                .filter(file -> LogFile.run(file) < run - 1)
                .forEach(Directories::delete);
        return LogFile.create(directory.resolve(run + ".log"));
    }

    Optional<LogFile> newestLog(String container) {
        return Directories.list(logs(container)).stream()
                .filter(file -> file.toString().endsWith(".log"))
                .max(Comparator.comparingInt(LogFile::run))
                .map(LogFile::new);
    }

    private Path logs(String container) {
        return path.resolve("logs").resolve(container);
    }

    /** Everything a session could have left behind; the logs stay. */
    void deleteData() {
        for (var part : List.of("volumes", "home", "tmp")) {
            Directories.delete(path.resolve(part));
        }
        Directories.delete(memory);
    }

    void delete() {
        Directories.delete(path);
        Directories.delete(memory);
    }
}
