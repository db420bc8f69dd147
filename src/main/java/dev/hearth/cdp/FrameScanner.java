package dev.hearth.cdp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Follows one direction of a WebSocket by its frame headers, however its bytes are cut. Pure: bytes in, steps out. Small
 * frames (control frames, and texts up to {@link Rules#wholeTextUpTo}) are held until they are whole, so that they can be
 * judged and left out; all others stream past unread. What is held is never more than one such frame.
 */
class FrameScanner {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final int BINARY = 2;
    /** Enough for most: what may be held is more, but few connections ever need it. */
    private static final int FIRST_ROOM = 1_024;

    private static final int LONGEST_HEADER = 14;
    private static final int LONGEST_CONTROL = 125;
    /** Of one message. Fewer: clients that send 100 MiB in frames of 8 KiB are cut off. More: headers outweigh payload. */
    private static final int MOST_FRAGMENTS = 16_384;

    /** What one direction may look like. */
    record Rules(boolean masked, long maxMessage, int wholeTextUpTo) {
        /** Chrome resets the connection a little above 100 MiB; only a client's texts are ever looked into. */
        static final Rules FROM_CLIENT = new Rules(true, 100L << 20, 256);
        /** A viewer's texts are all looked into, and one too long for that passes in no part. DevTools sends scripts. */
        static final Rules FROM_VIEWER = new Rules(true, 1 << 20, 1 << 20);
        /** Chrome's own send limit, and what Puppeteer accepts. */
        static final Rules FROM_BROWSER = new Rules(false, 256L << 20, 0);

        private boolean wholeOnly() {
            return wholeTextUpTo == maxMessage;
        }

        private String longest() {
            return maxMessage >= 1 << 20 ? (maxMessage >> 20) + " MiB" : (maxMessage >> 10) + " KiB";
        }

        private int mostHeld() {
            return LONGEST_HEADER + Math.max(LONGEST_CONTROL, wholeTextUpTo);
        }
    }

    /** What {@link #next} found. */
    enum Step {
        /** The chunk is used up. */
        MORE,
        /** A frame that streams begins; its bytes pass from here on, those of earlier chunks ({@link #carried}) first. */
        STREAM,
        /** The streaming frame is complete. */
        END,
        /** A small frame is whole: {@link #opcode}, {@link #payload}; it passes only if the caller lets it. */
        SMALL,
        /** A piece of a message that is judged as a whole: it never passes, and comes as the payload of its last piece. */
        PIECE,
        /** The peer broke the protocol: {@link #violation}. No further bytes of it mean anything. */
        BROKEN
    }

    /** @param code the close code that the peer has earned */
    record Violation(int code, String reason) {}

    private final Rules rules;
    private byte[] held;
    private int heldLength;
    private boolean heldConsumed;
    private boolean streaming;
    private long remaining;
    private boolean inMessage;
    private long messageBytes;
    private int fragments;
    private int opcode;
    private byte[] payload = new byte[0];
    private final ByteArrayOutputStream pieces = new ByteArrayOutputStream(0);
    private @Nullable Violation violation;

    FrameScanner(Rules rules) {
        this.rules = rules;
        this.held = new byte[Math.min(FIRST_ROOM, rules.mostHeld())];
    }

    /** Consumes up to the end of one step from {@code chunk}, whose position moves on. */
    final Step next(ByteBuffer chunk) {
        if (violation != null) {
            return Step.BROKEN;
        }
        if (heldConsumed) {
            heldLength = 0;
            heldConsumed = false;
        }
        return streaming ? stream(chunk) : begin(chunk);
    }

    /** Whether the bytes passed so far end at a frame's end, so that a frame of ours may stand here. */
    final boolean betweenFrames() {
        return !streaming;
    }

    final int opcode() {
        return opcode;
    }

    /** Of the small frame, unmasked. */
    final byte[] payload() {
        return payload;
    }

    final Violation violation() {
        return java.util.Objects.requireNonNull(violation);
    }

    /** The bytes of the present frame that came in earlier chunks and have not passed. */
    final ByteBuffer carried() {
        return ByteBuffer.wrap(Arrays.copyOf(held, heldLength));
    }

    private Step stream(ByteBuffer chunk) {
        var take = (int) Math.min(remaining, chunk.remaining());
        chunk.position(chunk.position() + take);
        remaining -= take;
        streaming = remaining > 0;
        return streaming ? Step.MORE : Step.END;
    }

    private Step begin(ByteBuffer chunk) {
        var available = heldLength + chunk.remaining();
        if (available < 2) {
            return carry(chunk);
        }
        var first = at(chunk, 0);
        var second = at(chunk, 1);
        if (!wellFormed(first, second)) {
            return Step.BROKEN;
        }
        var extension = lengthBytes(second & 0x7F);
        var header = 2 + extension + (rules.masked() ? 4 : 0);
        if (available < header) {
            return carry(chunk);
        }
        var length = length(chunk, second & 0x7F, extension);
        if (!fits(first, length)) {
            return Step.BROKEN;
        }
        opcode = first & 0x0F;
        if (isSmall(first, length)) {
            return available < header + length ? carry(chunk) : small(chunk, first, header, (int) length);
        }
        account(first, length);
        heldConsumed = true;
        chunk.position(chunk.position() + header - heldLength);
        streaming = true;
        remaining = length;
        return Step.STREAM;
    }

    private Step small(ByteBuffer chunk, int first, int header, int length) {
        payload = new byte[length];
        for (var i = 0; i < length; i++) {
            var mask = rules.masked() ? at(chunk, header - 4 + (i & 3)) : 0;
            payload[i] = (byte) (at(chunk, header + i) ^ mask);
        }
        if (opcode == CLOSE && length == 1) {
            return broken(1002, "close frame of one byte");
        }
        heldConsumed = true;
        chunk.position(chunk.position() + header + length - heldLength);
        return opcode < CLOSE && rules.wholeOnly() ? piece(first) : Step.SMALL;
    }

    private Step piece(int first) {
        account(first, payload.length);
        if (inMessage || opcode == CONTINUATION) {
            pieces.writeBytes(payload);
        }
        if (inMessage) {
            return Step.PIECE;
        }
        if (opcode == CONTINUATION) {
            payload = pieces.toByteArray();
            pieces.reset();
            opcode = TEXT;
        }
        return Step.SMALL;
    }

    private Step carry(ByteBuffer chunk) {
        var length = chunk.remaining();
        if (heldLength + length > held.length) {
            held = Arrays.copyOf(held, Math.min(rules.mostHeld(), 2 * (heldLength + length)));
        }
        chunk.get(held, heldLength, length);
        heldLength += length;
        return Step.MORE;
    }

    /** What the first two bytes alone give away. */
    private boolean wellFormed(int first, int second) {
        var code = first & 0x0F;
        var control = code >= CLOSE;
        var last = (first & 0x80) != 0;
        var problem = (first & 0x70) != 0
                ? "reserved bits are set"
                : (code > BINARY && code < CLOSE) || code > PONG
                        ? "reserved opcode"
                        : ((second & 0x80) != 0) != rules.masked()
                                ? rules.masked() ? "frame is not masked" : "frame is masked"
                                : control && !last
                                        ? "fragmented control frame"
                                        : control && (second & 0x7F) > LONGEST_CONTROL
                                                ? "control frame over 125 bytes"
                                                : code == CONTINUATION && !inMessage
                                                        ? "continuation of nothing"
                                                        : (code == TEXT || code == BINARY) && inMessage
                                                                ? "new message inside a fragmented one"
                                                                : null;
        if (problem != null) {
            broken(1002, problem);
        } else if (code == BINARY) {
            broken(1003, "CDP is text");
        }
        return violation == null;
    }

    private boolean fits(int first, long length) {
        if ((first & 0x08) != 0) {
            return true;
        }
        var before = (first & 0x0F) == CONTINUATION ? messageBytes : 0;
        if (length < 0 || length > rules.maxMessage() - before) {
            broken(1009, "message over " + rules.longest());
        } else if ((first & 0x0F) == CONTINUATION && fragments >= MOST_FRAGMENTS) {
            broken(1008, "message of more than " + MOST_FRAGMENTS + " frames");
        }
        return violation == null;
    }

    private void account(int first, long length) {
        var continued = (first & 0x0F) == CONTINUATION;
        messageBytes = length + (continued ? messageBytes : 0);
        fragments = continued ? fragments + 1 : 1;
        inMessage = (first & 0x80) == 0;
    }

    private boolean isSmall(int first, long length) {
        var wholeText = (first & 0x8F) == (0x80 | TEXT) && length <= rules.wholeTextUpTo();
        return (first & 0x08) != 0 || rules.wholeOnly() || (wholeText && rules.wholeTextUpTo() > 0);
    }

    private static int lengthBytes(int length7) {
        return switch (length7) {
            case 126 -> 2;
            case 127 -> 8;
            default -> 0;
        };
    }

    /** Overridden only by the wrong variants that the tests must catch. */
    long length(ByteBuffer chunk, int length7, int extension) {
        if (extension == 0) {
            return length7;
        }
        var length = 0L;
        for (var i = 0; i < extension; i++) {
            length = (length << 8) | at(chunk, 2 + i);
        }
        return length;
    }

    /** A byte of the present frame, wherever its bytes lie. */
    final int at(ByteBuffer chunk, int index) {
        return 0xFF & (index < heldLength ? held[index] : chunk.get(chunk.position() + index - heldLength));
    }

    private Step broken(int code, String reason) {
        violation = new Violation(code, reason);
        return Step.BROKEN;
    }
}
