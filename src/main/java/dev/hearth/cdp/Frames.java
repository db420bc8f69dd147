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
        var header = switch (frame[1] & 0x7F) {
            case 126 -> 4;
            case 127 -> 10;
            default -> 2;
        };
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
        var extension = payload.length <= 125 ? 0 : payload.length <= 0xFFFF ? 2 : 8;
        var frame = ByteBuffer.allocate(2 + extension + payload.length).put((byte) (0x80 | opcode));
        switch (extension) {
            case 0 -> frame.put((byte) payload.length);
            case 2 -> frame.put((byte) 126).putShort((short) payload.length);
            default -> frame.put((byte) 127).putLong(payload.length);
        }
        return frame.put(payload).array();
    }
}
