package dev.hearth.agent;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Puts the frames of a server's WebSocket together again. A message above the bound is skipped, never stored. */
final class MessageReader implements FrameTracker.Listener {
    /** Larger: a page could make the agent hold more by a long title. Smaller: a list of many targets is lost. */
    static final int LONGEST = 1024 * 1024;

    private static final int USUAL = 4096;

    /** Told of whole messages. The bytes are valid during the call only. */
    interface Listener {
        void message(byte[] bytes, int length);

        void ping(byte[] bytes);

        void closed();
    }

    private final Listener listener;
    private byte[] message = new byte[USUAL];
    private int length;
    private byte[] control = new byte[0];
    private boolean skipping;
    private int opcode;
    private boolean last;

    MessageReader(Listener listener) {
        this.listener = listener;
    }

    @Override
    public void frame(int newOpcode, boolean newLast, long payload) {
        opcode = newOpcode;
        last = newLast;
        if (isControl()) {
            control = new byte[0];
            return;
        }
        if (opcode != FrameTracker.CONTINUATION) {
            length = 0;
            skipping = false;
        }
        skipping |= length + payload > LONGEST;
    }

    @Override
    public void payload(ByteBuffer chunk, int at, int size) {
        if (isControl()) {
            var from = control.length;
            control = Arrays.copyOf(control, from + size);
            chunk.get(at, control, from, size);
        } else if (!skipping) {
            if (length + size > message.length) {
                message = Arrays.copyOf(message, Math.max(length + size, 2 * message.length));
            }
            chunk.get(at, message, length, size);
            length += size;
        }
    }

    @Override
    public void frameEnded() {
        switch (opcode) {
            case FrameTracker.PING -> listener.ping(control);
            case FrameTracker.PONG -> {}
            case FrameTracker.CLOSE -> listener.closed();
            default -> endMessageFrame();
        }
    }

    private void endMessageFrame() {
        if (!last || skipping) {
            return;
        }
        listener.message(message, length);
        length = 0;
        if (message.length > 16 * USUAL) {
            message = new byte[USUAL];
        }
    }

    private boolean isControl() {
        return opcode >= FrameTracker.CLOSE;
    }
}
