package dev.hearth.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The agent's own CDP connection, open for Chrome's life. What is set through it (auto-attach, emulation) ends with it, so
 * its end is taken as Chrome's end.
 */
final class HeldConnection implements EventLoop.Handler, MessageReader.Listener {
    /** More unsent bytes than this mean that Chrome reads nothing; it is being judged frozen, and nothing more is sent. */
    private static final int MOST_UNSENT = 64 * 1024;

    /** Told what Chrome says. {@link #lost} comes once, and only after a connection was open. */
    interface Listener {
        void opened();

        void said(CdpMessage message);

        void lost();

        /** It could not be opened; another may be. */
        void failed();
    }

    private final Buffers buffers;
    private final Listener listener;
    private final FrameTracker tracker;
    private final SplittableRandom random = new SplittableRandom();
    private @Nullable SelectionKey key;
    private ByteBuffer unsent = ByteBuffer.allocate(0);
    private int lastId;

    private HeldConnection(Buffers buffers, Listener listener) {
        this.buffers = buffers;
        this.listener = listener;
        this.tracker = new FrameTracker(FrameTracker.Direction.FROM_CHROME, new MessageReader(this));
    }

    static HeldConnection open(EventLoop loop, Buffers buffers, ActivePort where, Listener listener) {
        var held = new HeldConnection(buffers, listener);
        var nonce = new byte[16];
        held.random.nextBytes(nonce);
        var upgrade = ChromeDial.Request.upgrade(
                where.port(), where.browserPath(), Base64.getEncoder().encodeToString(nonce));
        ChromeDial.dial(loop, buffers, upgrade, held.new Opening());
        return held;
    }

    /** @return the command's id, or 0 where there is no connection that takes it */
    int send(String method, String params, @Nullable String session) {
        if (key == null || unsent.remaining() > MOST_UNSENT) {
            return 0;
        }
        var id = ++lastId;
        frame(FrameTracker.TEXT, CdpMessage.command(id, method, params, session).getBytes(StandardCharsets.UTF_8));
        return id;
    }

    @Override
    public void ready(SelectionKey ready) throws IOException {
        if (ready.isWritable()) {
            flush(ready);
        }
        if (ready.isReadable()) {
            var chunk = buffers.transfer();
            if (socket(ready).read(chunk) < 0) {
                lose();
            } else {
                take(chunk.flip());
            }
        }
    }

    @Override
    public void broken(Exception cause) {
        lose();
    }

    @Override
    public void message(byte[] bytes, int length) {
        CdpMessage.parse(bytes, length).ifPresent(listener::said);
    }

    @Override
    public void ping(byte[] bytes) {
        frame(FrameTracker.PONG, bytes);
    }

    @Override
    public void closed() {
        lose();
    }

    private void take(ByteBuffer chunk) {
        if (tracker.scan(chunk, false) == FrameTracker.MALFORMED) {
            lose();
        }
    }

    private void frame(int opcode, byte[] payload) {
        if (key == null) {
            return;
        }
        var frame = ClientFrame.masked(opcode, payload, random.nextInt());
        unsent = ByteBuffer.allocate(unsent.remaining() + frame.length)
                .put(unsent)
                .put(frame)
                .flip();
        try {
            flush(key);
        } catch (IOException gone) {
            lose();
        }
    }

    private void flush(SelectionKey ready) throws IOException {
        socket(ready).write(unsent);
        ready.interestOps(SelectionKey.OP_READ | (unsent.hasRemaining() ? SelectionKey.OP_WRITE : 0));
    }

    private void lose() {
        if (key != null) {
            Sockets.close(key.channel());
            key = null;
            listener.lost();
        }
    }

    private static SocketChannel socket(SelectionKey key) {
        return (SocketChannel) key.channel();
    }

    private final class Opening implements ChromeDial.Outcome {
        @Override
        public void answered(SelectionKey chrome, HttpHead head, ByteBuffer rest) {
            if (!head.status().equals("101")) {
                Sockets.close(chrome.channel());
                listener.failed();
                return;
            }
            key = chrome;
            chrome.attach(HeldConnection.this);
            listener.opened();
            take(rest);
        }

        @Override
        public void failed(String why) {
            listener.failed();
        }
    }
}
