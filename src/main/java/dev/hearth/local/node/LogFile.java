package dev.hearth.local.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The output of one run of a container: the file it appends to, and at most one older part. */
record LogFile(Path path) {
    /** Two parts of this size make the 10 MiB that one container may keep. Smaller loses the beginning of a failure sooner. */
    static final long PART = 5L << 20;

    /** What a kubelet takes of a failed container's log as its message. */
    private static final int MESSAGE_BYTES = 2048;

    static LogFile create(Path path) {
        try {
            Files.writeString(path, "");
            return new LogFile(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + path, e);
        }
    }

    static int run(Path file) {
        var name = file.getFileName().toString();
        return Integer.parseInt(name.substring(0, name.indexOf('.')));
    }

    Path older() {
        return path.resolveSibling(path.getFileName() + ".old");
    }

    /** Called now and then while the container writes. It appends, so it goes on at the start of the emptied file. */
    void bound() {
        try {
            if (Files.size(path) > PART) {
                var kept = path.resolveSibling(path.getFileName() + ".new");
                Files.copy(path, kept, StandardCopyOption.REPLACE_EXISTING);
                try (var truncating = Files.newByteChannel(path, StandardOpenOption.WRITE)) {
                    truncating.truncate(0);
                }
                Files.move(kept, older(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot bound " + path, e);
        }
    }

    String tail() {
        try (var channel = Files.newByteChannel(path)) {
            channel.position(Math.max(0, channel.size() - MESSAGE_BYTES));
            var buffer = ByteBuffer.allocate(MESSAGE_BYTES);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                continue;
            }
            return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            return "";
        }
    }
}
