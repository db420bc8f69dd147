package dev.hearth.local.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Map;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** PostgreSQL's programs, unpacked once per machine and user from the jar on the class path. */
final class PostgresBinaries {
    /** Names the cache: must change with the jar's version in pom.xml, or an old unpacking is used. */
    static final String VERSION = "18.6.0";

    private final Path home;

    private PostgresBinaries(Path home) {
        this.home = home;
    }

    /** Unpacks unless an earlier call, of this or another process, has done so already. */
    static PostgresBinaries unpacked(Path cache) {
        var arch = architecture(System.getProperty("os.arch"));
        var versions = cache.resolve("postgres");
        var home = versions.resolve(VERSION + "-" + arch);
        if (!Files.isDirectory(home)) {
            unpackOnce("/postgres-linux-" + arch + ".txz", versions, home);
        }
        return new PostgresBinaries(home);
    }

    /** {@code HEARTH_CACHE} itself, as for the Kubernetes programs; else {@code hearth} in the user's cache folder. */
    static Path cacheOf(Map<String, String> environment, String userHome) {
        var own = environment.getOrDefault("HEARTH_CACHE", "");
        if (!own.isBlank()) {
            return Path.of(own).toAbsolutePath();
        }
        var xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        return (xdg.isBlank() ? Path.of(userHome, ".cache") : Path.of(xdg)).resolve("hearth");
    }

    static String architecture(String osArch) {
        return switch (osArch) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default ->
                throw new PostgresException(
                        "no PostgreSQL for the processor '%s': x86_64 and arm64 Linux are supported".formatted(osArch));
        };
    }

    Path program(String name) {
        return home.resolve("bin").resolve(name);
    }

    private static void unpackOnce(String resource, Path versions, Path home) {
        try {
            Files.createDirectories(versions);
            // One thread of this JVM and one process of this machine at a time; the rename below makes a half-done
            // unpacking invisible even where the lock does not reach (another host on a shared home).
            synchronized (PostgresBinaries.class) {
                try (var channel = FileChannel.open(
                                versions.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        var _ = channel.lock()) {
                    if (!Files.isDirectory(home)) {
                        unpackAndRename(resource, home);
                    }
                }
            }
        } catch (IOException e) {
            throw new PostgresException("cannot unpack PostgreSQL into %s: %s".formatted(home, e.getMessage()), e);
        }
    }

    private static void unpackAndRename(String resource, Path home) throws IOException {
        var partial = home.resolveSibling(home.getFileName() + ".partial-" + UUID.randomUUID());
        try (var packed = PostgresBinaries.class.getResourceAsStream(resource)) {
            if (packed == null) {
                throw new PostgresException(
                        "PostgreSQL is not on the class path (" + resource + "): the build left its jar out");
            }
            unpack(packed, partial);
            Files.move(partial, home, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(partial);
        }
    }

    private static void unpack(InputStream packed, Path target) throws IOException {
        try (var tar = new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(packed)))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                write(tar, entry, target);
            }
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path target) throws IOException {
        var path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
            throw new IOException("entry '" + entry.getName() + "' points outside the archive");
        }
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.resolveSibling(""));
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, path);
        var executable = (entry.getMode() & 0100) != 0;
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (var paths = Files.walk(tree)) {
                for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
