package dev.hearth.cdp;

import java.nio.ByteBuffer;

/**
 * Passes one direction's bytes on, frame by frame and untouched, except small frames that its judge keeps back. Pure:
 * where the bytes go is the {@link Outlet}'s matter. Passing bytes are views of what came in, nothing is copied.
 */
final class FrameRelay {
    /** Decides about frames, and takes what passes. Calls come in the order of the bytes. */
    interface Outlet {
        /** Bytes for the other side. */
        void pass(ByteBuffer bytes);

        /** A message longer than can be looked into begins (or goes on, for a continuation). */
        void streaming(int opcode);

        /** A small frame is whole; false keeps it back. */
        boolean small(int opcode, byte[] payload);

        /** Whether a frame of ours waits for its place between two of the peer's. */
        boolean interrupts();

        /** That place: all that passed so far ends with a frame. */
        void boundary();

        void broken(FrameScanner.Violation violation);
    }

    private final FrameScanner scanner;
    private final Outlet outlet;
    private boolean stopped;

    FrameRelay(FrameScanner scanner, Outlet outlet) {
        this.scanner = scanner;
        this.outlet = outlet;
    }

    /** From now on nothing passes; also from within a call to the outlet. */
    void stop() {
        stopped = true;
    }

    boolean stopped() {
        return stopped;
    }

    boolean betweenFrames() {
        return scanner.betweenFrames();
    }

    void accept(ByteBuffer chunk) {
        var from = chunk.position();
        var to = from;
        while (!stopped) {
            var frame = chunk.position();
            var step = scanner.next(chunk);
            switch (step) {
                case MORE -> {
                    flush(chunk, from, scanner.betweenFrames() ? frame : chunk.position());
                    return;
                }
                case STREAM -> {
                    passCarried();
                    outlet.streaming(scanner.opcode());
                }
                case END -> to = chunk.position();
                case SMALL -> {
                    if (scanner.opcode() != FrameScanner.TEXT) {
                        // The judge may answer a control frame with the last one ever: what came before goes first.
                        flush(chunk, from, frame);
                        from = frame;
                    }
                    if (outlet.small(scanner.opcode(), scanner.payload())) {
                        passCarried();
                        to = chunk.position();
                    } else {
                        flush(chunk, from, frame);
                        from = to = chunk.position();
                    }
                }
                case PIECE -> {
                    flush(chunk, from, frame);
                    from = to = chunk.position();
                }
                case BROKEN -> {
                    stopped = true;
                    flush(chunk, from, frame);
                    from = to = frame;
                    outlet.broken(scanner.violation());
                }
            }
            if (scanner.betweenFrames() && outlet.interrupts()) {
                flush(chunk, from, to);
                from = to = chunk.position();
                outlet.boundary();
            }
        }
        flush(chunk, from, to);
    }

    private void passCarried() {
        var carried = scanner.carried();
        if (carried.hasRemaining()) {
            outlet.pass(carried);
        }
    }

    private void flush(ByteBuffer chunk, int from, int to) {
        if (to > from) {
            outlet.pass(chunk.slice(from, to - from));
        }
    }
}
