package dev.hearth.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** WebSocket frames as bytes, written apart from the code under test. */
public final class WebSocketBytes {
    private WebSocketBytes() {}

    /** A frame as it was read, unmasked. */
    public record Frame(boolean last, int opcode, byte[] payload) {
        public String text() {
            return new String(payload, java.nio.charset.StandardCharsets.UTF_8);
        }

        /** Of a close frame; 1005 where it carries none. */
        public int closeCode() {
            return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        }
    }

    public static byte[] frame(boolean last, int opcode, byte[] payload, boolean masked) {
        var out = new ByteArrayOutputStream(payload.length + 14);
        out.write((last ? 0x80 : 0) | opcode);
        var mask = masked ? 0x80 : 0;
        if (payload.length < 126) {
            out.write(mask | payload.length);
        } else if (payload.length < 65_536) {
            out.write(mask | 126);
            out.writeBytes(
                    ByteBuffer.allocate(2).putShort((short) payload.length).array());
        } else {
            out.write(mask | 127);
            out.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
        }
        if (!masked) {
            out.writeBytes(payload);
            return out.toByteArray();
        }
        var key = new byte[] {0x1A, 0x2B, 0x3C, 0x4D};
        out.writeBytes(key);
        var hidden = payload.clone();
        for (var i = 0; i < hidden.length; i++) {
            hidden[i] ^= key[i & 3];
        }
        out.writeBytes(hidden);
        return out.toByteArray();
    }

    /** @throws java.io.EOFException where the stream ends, also inside a frame */
    public static Frame read(DataInputStream in) throws IOException {
        var first = in.readUnsignedByte();
        var second = in.readUnsignedByte();
        var length = switch (second & 0x7F) {
            case 126 -> in.readUnsignedShort();
            case 127 -> Math.toIntExact(in.readLong());
            default -> second & 0x7F;
        };
        var key = new byte[4];
        if ((second & 0x80) != 0) {
            in.readFully(key);
        }
        var payload = new byte[length];
        in.readFully(payload);
        if ((second & 0x80) != 0) {
            for (var i = 0; i < length; i++) {
                payload[i] ^= key[i & 3];
            }
        }
        return new Frame((first & 0x80) != 0, first & 0x0F, payload);
    }
}
