package dev.hearth.local.node;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** Copies one log to one reader: its older part, what is there, and, when followed, what comes. */
final class LogStream {
    /** How late a followed line may be; a poll costs one look at a file's size. */
    private static final Duration POLL = Duration.ofMillis(200);

    private final LogServer.Log log;
    private final LogRequest request;
    private final OutputStream out;
    private long left;

    LogStream(LogServer.Log log, LogRequest request, OutputStream out) {
        this.log = log;
        this.request = request;
        this.out = out;
        this.left = request.limitBytes().orElse(Long.MAX_VALUE);
    }

    void copy() throws IOException, InterruptedException {
        var path = log.file().path();
        long position = beginning(path);
        while (left > 0) {
            // Asked before reading: what is written until the end is then still read.
            boolean live = log.live().getAsBoolean();
            long size = Files.exists(path) ? Files.size(path) : 0;
            if (size < position) {
                // The file was bounded; what was written since is at its start.
                position = 0;
            }
            if (size > position) {
                position += send(path, position);
                out.flush();
            } else if (request.follow() && live) {
                Thread.sleep(POLL);
            } else {
                return;
            }
        }
    }

    /** Sends the older part as far as it is wanted. */
    private long beginning(Path path) throws IOException {
        var older = log.file().older();
        if (request.tailLines().isEmpty()) {
            if (Files.exists(older)) {
                write(Files.readAllBytes(older));
            }
            return 0;
        }
        long lines = request.tailLines().getAsLong();
        var bytes = Files.readAllBytes(path);
        int from = startOfTail(bytes, lines);
        if (from == 0 && Files.exists(older)) {
            var before = Files.readAllBytes(older);
            int start = startOfTail(before, Math.max(0, lines - lines(bytes)));
            write(Arrays.copyOfRange(before, start, before.length));
        }
        return from;
    }

    static int startOfTail(byte[] bytes, long lines) {
        if (lines == 0) {
            return bytes.length;
        }
        long seen = 0;
        for (int at = bytes.length - 2; at >= 0; at--) {
            if (bytes[at] == '\n' && ++seen == lines) {
                return at + 1;
            }
        }
        return 0;
    }

    private static long lines(byte[] bytes) {
        long lines = bytes.length > 0 && bytes[bytes.length - 1] != '\n' ? 1 : 0;
        for (byte b : bytes) {
            lines += b == '\n' ? 1 : 0;
        }
        return lines;
    }

    private long send(Path path, long from) throws IOException {
        try (var channel = Files.newByteChannel(path)) {
            channel.position(from);
            var buffer = ByteBuffer.allocate(64 << 10);
            int read = channel.read(buffer);
            if (read > 0) {
                write(Arrays.copyOf(buffer.array(), read));
            }
            return Math.max(read, 0);
        }
    }

    private void write(byte[] bytes) throws IOException {
        int length = (int) Math.min(bytes.length, left);
        out.write(bytes, 0, length);
        left -= length;
    }
}
