package dev.hearth.local.node;

import dev.hearth.local.LocalFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where a LocalNode keeps its identity and its pods' files. Locked: one LocalNode per directory, so no two ever take each
 * other's pods for their own.
 */
final class NodeDirectory implements AutoCloseable {
    private final Path root;
    private final FileChannel lock;
    private final String instance;
    private final Path links;
    private final AtomicInteger nextLink = new AtomicInteger();

    private NodeDirectory(Path root, FileChannel lock) throws IOException {
        this.root = root;
        this.lock = lock;
        this.instance = instance(root.resolve("node-id"));
        this.links = Directories.createGuarded(
                Path.of(System.getProperty("java.io.tmpdir")).resolve("hearth-" + instance));
        Directories.list(links).forEach(Directories::delete);
    }

    /** @throws LocalFailure when another LocalNode uses it */
    static NodeDirectory open(Path directory) {
        var root = Directories.create(directory.toAbsolutePath());
        Directories.create(root.resolve("pods"));
        try {
            var channel =
                    FileChannel.open(root.resolve("node.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return new NodeDirectory(root, channel);
                }
            } catch (OverlappingFileLockException inThisJvm) {
                channel.close();
                throw taken(root);
            }
            channel.close();
            throw taken(root);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + root, e);
        }
    }

    private static LocalFailure taken(Path root) {
        return new LocalFailure(
                "another local node already runs in " + root, "stop it, or give this one a directory of its own");
    }

    private static String instance(Path file) throws IOException {
        if (!Files.exists(file)) {
            var random = new byte[4];
            new SecureRandom().nextBytes(random);
            Files.writeString(file, HexFormat.of().formatHex(random));
        }
        return Files.readString(file).strip();
    }

    /** Eight hex digits, the same at every start in this directory. */
    String instance() {
        return instance;
    }

    Path root() {
        return root;
    }

    PodDirectory pod(String uid) {
        return new PodDirectory(
                root.resolve("pods").resolve(uid), sharedMemory().resolve(uid));
    }

    /**
     * A short name for a pod's directory, to be handed to its processes: a Unix socket's path ends at 107 bytes, and
     * Chromium adds 45 of its own to its temporary directory.
     */
    Path link(PodDirectory pod) {
        var link = links.resolve(Integer.toString(nextLink.incrementAndGet()));
        try {
            return Files.createSymbolicLink(link, pod.path());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + link, e);
        }
    }

    List<String> podsOnDisk() {
        return Directories.list(root.resolve("pods")).stream()
                .map(path -> path.getFileName().toString())
                .toList();
    }

    /** What pods of an earlier life left, after a kill -9 even in memory. Only while none runs; logs stay. */
    void deleteAllData() {
        podsOnDisk().forEach(uid -> pod(uid).deleteData());
        Directories.list(sharedMemory()).forEach(Directories::delete);
    }

    /** On disk where the machine has no usable {@code /dev/shm}: slower, nothing else. */
    private Path sharedMemory() {
        var device = Path.of("/dev/shm");
        return Files.isWritable(device)
                ? Directories.createGuarded(device.resolve("hearth-" + instance))
                : Directories.create(root.resolve("memory"));
    }

    @Override
    public void close() {
        try {
            Directories.delete(links);
            Directories.delete(sharedMemory());
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot release " + root, e);
        }
    }
}
