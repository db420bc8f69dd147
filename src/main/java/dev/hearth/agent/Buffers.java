package dev.hearth.agent;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Memory for bytes in passage. All sockets share one transfer buffer, because the loop passes one chunk at a time; only a
 * direction whose reader is slow borrows a buffer for what did not fit, so an idle connection holds none.
 */
final class Buffers {
    /** Larger: a slow reader costs more. Smaller: more system calls per megabyte of screenshot. */
    static final int SIZE = 64 * 1024;

    /** A chunk that was read whole, and the head of an answer before it. */
    private static final int ROOM = SIZE + 1024;

    /** Kept after a burst. More would be memory held for nothing; fewer, allocation in each burst. */
    private static final int KEPT = 4;

    private final ByteBuffer transfer = ByteBuffer.allocateDirect(SIZE);
    private final Deque<ByteBuffer> free = new ArrayDeque<>();

    /** Empty, and valid only until the caller returns to the loop. */
    ByteBuffer transfer() {
        return transfer.clear();
    }

    ByteBuffer borrow() {
        var buffer = free.poll();
        return buffer == null ? ByteBuffer.allocateDirect(ROOM) : buffer.clear();
    }

    void giveBack(ByteBuffer buffer) {
        if (free.size() < KEPT) {
            free.push(buffer);
        }
    }
}
