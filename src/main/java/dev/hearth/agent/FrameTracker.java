package dev.hearth.agent;

import java.nio.ByteBuffer;

/**
 * Follows the frame headers of one direction of a WebSocket without touching a byte, however the stream is cut into chunks.
 * Pure: same bytes in, same frames out. After {@link #MALFORMED} it must not be used again.
 */
final class FrameTracker {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    /** Answer of {@link #scan} for a header that RFC 6455 forbids. */
    static final int MALFORMED = -1;

    private static final int LONGEST_CONTROL = 125;

    /** Clients must mask, servers must not: a stream knows by its direction. */
    enum Direction {
        FROM_CLIENT,
        FROM_CHROME
    }

    /** Told of each frame once its header is whole, then of its payload, piece by piece, still masked. */
    interface Listener {
        void frame(int opcode, boolean last, long length);

        default void payload(ByteBuffer chunk, int from, int length) {}

        /** The frame's last byte was seen. */
        default void frameEnded() {}
    }

    private final Direction direction;
    private final Listener listener;
    private final byte[] header = new byte[14];
    private int headerLength;
    private int headerNeeded = 2;
    private long payloadLeft;
    private boolean insideMessage;

    FrameTracker(Direction direction, Listener listener) {
        this.direction = direction;
        this.listener = listener;
    }

    /** Between two frames: here, and only here, may another frame be put in. */
    boolean atBoundary() {
        return headerLength == 0;
    }

    /**
     * Scans from the chunk's position to its limit, or to the first frame boundary where {@code stopAtBoundary}. Leaves
     * position and limit alone; returns the index after the last byte scanned, or {@link #MALFORMED}.
     */
    int scan(ByteBuffer chunk, boolean stopAtBoundary) {
        var at = chunk.position();
        while (at < chunk.limit()) {
            if (headerLength < headerNeeded) {
                header[headerLength++] = chunk.get(at++);
                if (!headerStep()) {
                    return MALFORMED;
                }
            } else {
                var piece = (int) Math.min(payloadLeft, chunk.limit() - at);
                listener.payload(chunk, at, piece);
                at += piece;
                payloadLeft -= piece;
            }
            if (headerLength == headerNeeded && payloadLeft == 0) {
                headerLength = 0;
                headerNeeded = 2;
                listener.frameEnded();
                if (stopAtBoundary) {
                    return at;
                }
            }
        }
        return at;
    }

    /** After each header byte: the second tells how long the header is, the last tells the payload's length. */
    private boolean headerStep() {
        if (headerLength == 2) {
            headerNeeded = 2 + extendedLength() + (masked() ? 4 : 0);
            if (masked() != (direction == Direction.FROM_CLIENT) || !plausible()) {
                return false;
            }
        }
        if (headerLength < headerNeeded) {
            return true;
        }
        payloadLeft = length();
        if (payloadLeft < 0) {
            return false;
        }
        if (!control()) {
            insideMessage = !fin();
        }
        listener.frame(opcode(), fin(), payloadLeft);
        return true;
    }

    /** Of the frame whose payload is being scanned. */
    int mask() {
        return ByteBuffer.wrap(header).getInt(headerNeeded - 4);
    }

    private boolean plausible() {
        if ((header[0] & 0x70) != 0) {
            return false;
        }
        if (control()) {
            return opcode() <= PONG && fin() && (header[1] & 0x7f) <= LONGEST_CONTROL;
        }
        return opcode() <= BINARY && (opcode() == CONTINUATION) == insideMessage;
    }

    private int extendedLength() {
        return switch (header[1] & 0x7f) {
            case 126 -> 2;
            case 127 -> 8;
            default -> 0;
        };
    }

    private long length() {
        var wrapped = ByteBuffer.wrap(header);
        return switch (extendedLength()) {
            case 2 -> wrapped.getShort(2) & 0xffff;
            case 8 -> wrapped.getLong(2);
            default -> header[1] & 0x7f;
        };
    }

    private int opcode() {
        return header[0] & 0x0f;
    }

    private boolean control() {
        return (header[0] & 0x08) != 0;
    }

    private boolean fin() {
        return (header[0] & 0x80) != 0;
    }

    private boolean masked() {
        return (header[1] & 0x80) != 0;
    }
}
