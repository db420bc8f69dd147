package dev.hearth.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Passes bytes from one socket to another, in order and at the reader's pace: while bytes wait for the target, nothing is
 * read from the source. Its owner must drop the source's read interest while {@link #blocked()}.
 */
final class Pipe {
    /** Rounds per wake-up. More would let one bulk transfer delay the others; fewer would cost more selects. */
    private static final int ROUNDS = 8;

    /** Sees each chunk before it is passed, and may lower its limit. */
    interface Watch {
        /** False: the chunk, as far as its limit, is the last. */
        boolean sees(ByteBuffer chunk);
    }

    enum Result {
        OPEN,
        /** The source will send no more: FIN or RST. */
        ENDED,
        /** The target takes no more. */
        BROKEN,
        /** The watch said so. */
        STOPPED
    }

    private final SocketChannel from;
    private final SocketChannel to;
    private final Watch watch;
    private final Buffers buffers;
    private @Nullable ByteBuffer waiting;

    Pipe(SocketChannel from, SocketChannel to, Watch watch, Buffers buffers) {
        this.from = from;
        this.to = to;
        this.watch = watch;
        this.buffers = buffers;
    }

    boolean blocked() {
        return waiting != null;
    }

    /** The source is readable. */
    Result pump() {
        for (var round = 0; round < ROUNDS && waiting == null; round++) {
            var chunk = buffers.transfer();
            var read = read(chunk);
            if (read <= 0) {
                return read < 0 ? Result.ENDED : Result.OPEN;
            }
            var result = pass(chunk.flip());
            if (result != Result.OPEN || read < Buffers.SIZE) {
                return result;
            }
        }
        return Result.OPEN;
    }

    private Result pass(ByteBuffer chunk) {
        var goesOn = watch.sees(chunk);
        var result = put(chunk);
        return result == Result.OPEN && !goesOn ? Result.STOPPED : result;
    }

    /** Passes bytes that the watch need not see, one chunk and a head at most; nothing may be waiting. */
    Result put(ByteBuffer chunk) {
        if (!write(chunk)) {
            return Result.BROKEN;
        }
        if (chunk.hasRemaining()) {
            waiting = buffers.borrow().put(chunk).flip();
        }
        return Result.OPEN;
    }

    /** The target is writable. */
    Result flush() {
        if (waiting == null) {
            return Result.OPEN;
        }
        if (!write(waiting)) {
            return Result.BROKEN;
        }
        if (!waiting.hasRemaining()) {
            release();
        }
        return Result.OPEN;
    }

    /** What still waits; the pipe forgets it. */
    byte[] drain() {
        if (waiting == null) {
            return new byte[0];
        }
        var rest = new byte[waiting.remaining()];
        waiting.get(rest);
        release();
        return rest;
    }

    private void release() {
        if (waiting != null) {
            buffers.giveBack(waiting);
            waiting = null;
        }
    }

    private int read(ByteBuffer chunk) {
        try {
            return from.read(chunk);
        } catch (IOException reset) {
            return -1;
        }
    }

    private boolean write(ByteBuffer chunk) {
        try {
            to.write(chunk);
            return true;
        } catch (IOException closed) {
            return false;
        }
    }
}
