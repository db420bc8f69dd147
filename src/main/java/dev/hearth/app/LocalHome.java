package dev.hearth.app;

import dev.hearth.local.LocalFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The directory of a local Hearth: its data, its keys and what a shell needs to know. One process at a time. */
record LocalHome(Path directory, FileChannel lock) implements AutoCloseable {
    /** @throws LocalFailure where another Hearth runs in this directory, or it cannot be written */
    static LocalHome open(Path directory) {
        try {
            Files.createDirectories(directory);
            var keys = Files.createDirectories(directory.resolve("keys"));
            Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rwx------"));
            var channel =
                    FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw new LocalFailure(
                        "another Hearth already runs in " + directory, "stop it, or run from another checkout");
            }
            return new LocalHome(directory, channel);
        } catch (IOException unusable) {
            throw new LocalFailure(
                    "cannot use " + directory + ": " + unusable.getMessage(),
                    "check its owner and the free space",
                    unusable);
        }
    }

    Path kubernetes() {
        return directory.resolve("kubernetes");
    }

    Path postgres() {
        return directory.resolve("postgres");
    }

    Path pods() {
        return directory.resolve("pods");
    }

    Path signingKey() {
        return directory.resolve("keys").resolve("gateway.pem");
    }

    Path log() {
        return directory.resolve("log").resolve("hearth.log");
    }

    Path picture() {
        return directory.resolve("first-light.png");
    }

    /** What {@code source .hearth/env} gives a shell; it holds a key, so only its owner may read it. */
    Path writeEnvironment(String url, String key, Path kubeconfig, Path programs) {
        var file = directory.resolve("env");
        var text = """
                # The local Hearth, while it runs. Use: source .hearth/env
                export HEARTH_URL=%s
                export HEARTH_API_KEY=%s
                export KUBECONFIG=%s
                export PATH=%s:"$PATH"
                """.formatted(url, key, quoted(kubeconfig), quoted(programs));
        try {
            var fresh = Files.createTempFile(
                    directory,
                    "env",
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, text);
            return Files.move(fresh, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException unwritable) {
            throw new LocalFailure("cannot write " + file, "check the free space", unwritable);
        }
    }

    void removeEnvironment() {
        try {
            Files.deleteIfExists(directory.resolve("env"));
        } catch (IOException stillThere) {
            throw new LocalFailure("cannot remove the env file of " + directory, "remove it by hand", stillThere);
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException released) {
            throw new IllegalStateException("cannot release the lock of " + directory, released);
        }
    }

    private static String quoted(Path path) {
        return "'" + path.toAbsolutePath().toString().replace("'", "'\\''") + "'";
    }
}
