package dev.hearth.cdp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Frames that Hearth itself sends. Never longer than 125 bytes of payload, but for an answer in Chrome's place. */
final class Frames {
    private Frames() {}

    /** @param reason cut to what a close frame can hold */
    static byte[] close(int code, String reason) {
        var text = reason.getBytes(StandardCharsets.UTF_8);
        var length = Math.min(text.length, 123);
        return unmasked(
                FrameScanner.CLOSE,
                ByteBuffer.allocate(2 + length)
                        .putShort((short) code)
                        .put(text, 0, length)
                        .array());
    }

    /** For the agent's side, where frames must be masked; a mask of zeros is one. */
    static byte[] maskedClose(int code, String reason) {
        return masked(close(code, reason));
    }

    /** A frame of up to 65535 bytes as a client would send it. */
    static byte[] masked(int opcode, byte[] payload) {
        return masked(unmasked(opcode, payload));
    }

    private static byte[] masked(byte[] frame) {
        var header = (frame[1] & 0x7F) == 126 ? 4 : 2;
        return ByteBuffer.allocate(frame.length + 4)
                .put(frame[0])
                .put((byte) (frame[1] | 0x80))
                .put(frame, 2, header - 2)
                .putInt(0)
                .put(frame, header, frame.length - header)
                .array();
    }

    static byte[] ping(byte[] payload) {
        return unmasked(FrameScanner.PING, payload);
    }

    static byte[] text(String text) {
        return unmasked(FrameScanner.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] unmasked(int opcode, byte[] payload) {
        var wide = payload.length > 125;
        var frame = ByteBuffer.allocate(payload.length + (wide ? 4 : 2)).put((byte) (0x80 | opcode));
        if (wide) {
            frame.put((byte) 126).putShort((short) payload.length);
        } else {
            frame.put((byte) payload.length);
        }
        return frame.put(payload).array();
    }
}
