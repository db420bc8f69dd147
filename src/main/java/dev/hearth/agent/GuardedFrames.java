package dev.hearth.agent;

import java.nio.ByteBuffer;

/** A guarded browser's client, frame by frame: passes on what a listener is told and reads the payload for a {@link WayAround}. */
final class GuardedFrames implements FrameTracker.Listener {
    private final FrameTracker.Listener next;
    private final FrameTracker tracker = new FrameTracker(FrameTracker.Direction.FROM_CLIENT, this);
    private final WayAround wayAround = new WayAround();
    private boolean data;
    private int read;

    GuardedFrames(FrameTracker.Listener next) {
        this.next = next;
    }

    FrameTracker tracker() {
        return tracker;
    }

    boolean leadAround() {
        return wayAround.found();
    }

    @Override
    public void frame(int opcode, boolean last, long length) {
        data = opcode < FrameTracker.CLOSE;
        read = 0;
        if (data && opcode != FrameTracker.CONTINUATION) {
            wayAround.begin();
        }
        next.frame(opcode, last, length);
    }

    @Override
    public void payload(ByteBuffer chunk, int from, int length) {
        if (!data) {
            return;
        }
        var mask = tracker.mask();
        for (var at = from; at < from + length; at++) {
            wayAround.next((byte) (chunk.get(at) ^ mask >>> (24 - 8 * (read & 3))));
            read = (read + 1) & 3;
        }
    }
}
