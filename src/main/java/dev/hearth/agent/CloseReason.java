package dev.hearth.agent;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Why the agent closes a client's WebSocket, as the client reads it. */
enum CloseReason {
    STOPPING(1001, "agent stopping"),
    TAKEN_OVER(4001, "taken over"),
    BROWSER_GONE(4002, "browser gone"),
    SESSION_ENDED(4003, "session ended"),
    LEADS_AROUND(4005, "contexts of a guarded browser have no proxy of their own");

    private final int code;
    private final String words;

    CloseReason(int code, String words) {
        this.code = code;
        this.words = words;
    }

    /** The unmasked close frame that a server sends. */
    byte[] frame() {
        var text = words.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(4 + text.length)
                .put((byte) (0x80 | FrameTracker.CLOSE))
                .put((byte) (2 + text.length))
                .putShort((short) code)
                .put(text)
                .array();
    }
}
