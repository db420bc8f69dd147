package dev.hearth.agent;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One client's WebSocket joined to one of Chrome's, byte for byte, each side at the other's pace. Follows the frame headers
 * of both directions: to count commands, to see a client leave, and to know where a close frame of our own may stand.
 */
final class Splice {
    /** Longer: a frame that never ends keeps an ended client's sockets. Shorter: a slow reader never learns why. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Told what happens to the connection. */
    interface Owner {
        void command();

        /** Comes exactly once. Nothing that the client sends reaches Chrome any more; {@code left} if it said goodbye. */
        void ended(boolean left);
    }

    /**
     * The two sockets, both registered, and what to tell a client whose Chrome side ends by itself.
     *
     * @param guarded whether commands that lead around the guard put the client out
     */
    record Ends(
            SelectionKey client,
            SelectionKey chrome,
            @Nullable CloseReason onChromeEnd,
            boolean guarded) {
        SocketChannel clientSocket() {
            return (SocketChannel) client.channel();
        }

        SocketChannel chromeSocket() {
            return (SocketChannel) chrome.channel();
        }
    }

    private enum Phase {
        OPEN,
        /** The client left or was put out; Chrome's last frame may still end. */
        CLOSING,
        OVER
    }

    private final EventLoop loop;
    private final Ends ends;
    private final Owner owner;
    private final @Nullable GuardedFrames guarded;
    private final FrameTracker fromClient;
    private final FrameTracker fromChrome;
    private final Pipe up;
    private final Pipe down;
    private Phase phase = Phase.OPEN;
    private boolean left;
    private boolean chromeSaidClose;
    private @Nullable CloseReason parting;
    private EventLoop.@Nullable Timer patience;

    private Splice(EventLoop loop, Buffers buffers, Ends ends, Owner owner) {
        this.loop = loop;
        this.ends = ends;
        this.owner = owner;
        this.guarded = ends.guarded() ? new GuardedFrames(this::clientFrame) : null;
        this.fromClient = guarded == null
                ? new FrameTracker(FrameTracker.Direction.FROM_CLIENT, this::clientFrame)
                : guarded.tracker();
        this.fromChrome = new FrameTracker(FrameTracker.Direction.FROM_CHROME, this::chromeFrame);
        this.up = new Pipe(ends.clientSocket(), ends.chromeSocket(), this::seesUp, buffers);
        this.down = new Pipe(ends.chromeSocket(), ends.clientSocket(), this::seesDown, buffers);
    }

    static Splice between(EventLoop loop, Buffers buffers, Ends ends, Owner owner) {
        return new Splice(loop, buffers, ends, owner);
    }

    /** Takes both sockets over and begins to pass bytes, first those that the client must read before all others. */
    void begin(byte[] answer, ByteBuffer early) {
        ends.client().attach(new Side(this::clientReady, this::drop));
        ends.chrome().attach(new Side(this::chromeReady, this::chromeEnded));
        var first = ByteBuffer.allocate(answer.length + early.remaining()).put(answer);
        if (fromChrome.scan(early, false) == FrameTracker.MALFORMED) {
            drop();
            return;
        }
        settleDown(down.put(first.put(early).flip()));
    }

    /** Puts the client out: nothing of it reaches Chrome from now on, and it reads why, if it reads on. */
    void cut(CloseReason reason) {
        if (phase != Phase.OPEN) {
            return;
        }
        parting = reason;
        up.drain();
        close();
        if (fromChrome.atBoundary()) {
            part();
        }
    }

    private void clientReady(SelectionKey key) {
        if (phase == Phase.OPEN && key.isReadable()) {
            settleUp(up.pump());
        }
        if (phase != Phase.OVER && key.isWritable()) {
            settleDown(down.flush());
        }
    }

    private void chromeReady(SelectionKey key) {
        if (key.isReadable()) {
            settleDown(down.pump());
        }
        if (phase != Phase.OVER && key.isWritable()) {
            settleUp(up.flush());
        }
    }

    private void settleUp(Pipe.Result result) {
        switch (result) {
            case OPEN -> interests();
            case ENDED -> drop();
            case BROKEN -> chromeEnded();
            case STOPPED -> {
                if (leadsAround()) {
                    cut(CloseReason.LEADS_AROUND);
                } else if (left) {
                    close();
                } else {
                    drop();
                }
            }
        }
    }

    private void settleDown(Pipe.Result result) {
        switch (result) {
            case OPEN -> interests();
            case ENDED -> chromeEnded();
            case BROKEN -> drop();
            case STOPPED -> {
                if (parting != null) {
                    part();
                } else {
                    drop();
                }
            }
        }
    }

    /** Frame by frame, because nothing after a client's close frame may pass: the browser may be another's by then. */
    private boolean seesUp(ByteBuffer chunk) {
        var start = chunk.position();
        var end = start;
        while (end < chunk.limit() && !(left && fromClient.atBoundary())) {
            end = fromClient.scan(chunk.position(end), true);
            if (end == FrameTracker.MALFORMED || leadsAround()) {
                chunk.position(start).limit(start);
                return false;
            }
        }
        chunk.position(start).limit(end);
        return !(left && fromClient.atBoundary());
    }

    /** Seen before the command's last byte has passed, so Chrome never has it whole. */
    private boolean leadsAround() {
        return guarded != null && guarded.leadAround();
    }

    private boolean seesDown(ByteBuffer chunk) {
        var end = fromChrome.scan(chunk, parting != null);
        if (end == FrameTracker.MALFORMED) {
            chunk.limit(chunk.position());
            return false;
        }
        chunk.limit(end);
        return parting == null || !fromChrome.atBoundary();
    }

    private void clientFrame(int opcode, boolean last, long length) {
        if (opcode == FrameTracker.TEXT) {
            owner.command();
        }
        left |= opcode == FrameTracker.CLOSE;
    }

    private void chromeFrame(int opcode, boolean last, long length) {
        chromeSaidClose |= opcode == FrameTracker.CLOSE;
    }

    /** The client's part is over: no more is read from it, and Chrome has a moment to end its own. */
    private void close() {
        phase = Phase.CLOSING;
        patience = loop.after(PATIENCE, this::drop);
        owner.ended(left);
        interests();
    }

    private void chromeEnded() {
        if (phase == Phase.OPEN) {
            parting = ends.onChromeEnd();
        }
        part();
    }

    /** Says goodbye to the client, with a close frame where one may stand. */
    private void part() {
        if (phase == Phase.OVER) {
            return;
        }
        var words = new ByteArrayOutputStream();
        words.writeBytes(down.drain());
        if (parting != null && fromChrome.atBoundary() && !chromeSaidClose) {
            words.writeBytes(parting.frame());
        }
        release();
        LastWords.say(loop, ends.client(), words.toByteArray());
    }

    private void drop() {
        if (phase != Phase.OVER) {
            release();
            Sockets.close(ends.clientSocket());
        }
    }

    /** Ends everything but the client's socket. */
    private void release() {
        var wasOpen = phase == Phase.OPEN;
        phase = Phase.OVER;
        if (patience != null) {
            patience.cancel();
        }
        up.drain();
        down.drain();
        Sockets.close(ends.chromeSocket());
        if (wasOpen) {
            owner.ended(left);
        }
    }

    private void interests() {
        if (phase == Phase.OVER) {
            return;
        }
        var reads = phase == Phase.OPEN && !up.blocked() ? SelectionKey.OP_READ : 0;
        interest(ends.client(), reads | (down.blocked() ? SelectionKey.OP_WRITE : 0));
        interest(
                ends.chrome(),
                (down.blocked() ? 0 : SelectionKey.OP_READ) | (up.blocked() ? SelectionKey.OP_WRITE : 0));
    }

    private static void interest(SelectionKey key, int wanted) {
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }
}
