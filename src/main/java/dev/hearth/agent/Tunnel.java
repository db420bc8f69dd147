package dev.hearth.agent;

import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Chrome joined to a server, each side at the other's pace, every byte counted for the session. */
final class Tunnel {
    /** Both sockets, registered. */
    record Ends(SelectionKey chrome, SelectionKey server) {
        SocketChannel chromeSocket() {
            return (SocketChannel) chrome.channel();
        }

        SocketChannel serverSocket() {
            return (SocketChannel) server.channel();
        }
    }

    /**
     * @param epoch the session's: with it the tunnel ends
     * @param body how much Chrome may send after the head; less than 0: without end
     */
    record Terms(long epoch, long body) {}

    private final GuardExchange.Means means;
    private final Ends ends;
    private final Terms terms;
    private final Runnable whenOver;
    private final Pipe up;
    private final Pipe down;
    private long bodyLeft;
    private boolean over;

    Tunnel(GuardExchange.Means means, Ends ends, Terms terms, Runnable whenOver) {
        this.means = means;
        this.ends = ends;
        this.terms = terms;
        this.whenOver = whenOver;
        this.bodyLeft = terms.body();
        this.up = new Pipe(ends.chromeSocket(), ends.serverSocket(), this::seesUp, means.buffers());
        this.down = new Pipe(ends.serverSocket(), ends.chromeSocket(), this::seesDown, means.buffers());
    }

    /**
     * @param toChrome of our own making, before {@code fromServer}
     * @param toServer of our own making, before {@code fromChrome}
     */
    void begin(String toChrome, ByteBuffer fromServer, String toServer, byte[] fromChrome) {
        ends.chrome().attach(new Side(this::chromeReady, this::drop));
        ends.server().attach(new Side(this::serverReady, this::serverEnded));
        means.guard().passed(toServer.length() + fromServer.remaining());
        // Copied before anything else may use the buffer that they are in.
        var first = joined(toChrome, fromServer);
        var body = ByteBuffer.wrap(fromChrome);
        if (!seesUp(body)) {
            drop();
            return;
        }
        settleUp(up.put(joined(toServer, body)));
        if (!over) {
            settleDown(down.put(first));
        }
    }

    private ByteBuffer joined(String own, ByteBuffer others) {
        var bytes = own.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(bytes.length + others.remaining())
                .put(bytes)
                .put(others)
                .flip();
    }

    private void chromeReady(SelectionKey key) {
        if (isOfAnother()) {
            drop();
            return;
        }
        if (key.isReadable()) {
            settleUp(up.pump());
        }
        if (!over && key.isWritable()) {
            settleDown(down.flush());
        }
    }

    private void serverReady(SelectionKey key) {
        if (isOfAnother()) {
            drop();
            return;
        }
        if (key.isReadable()) {
            settleDown(down.pump());
        }
        if (!over && key.isWritable()) {
            settleUp(up.flush());
        }
    }

    /** The session has ended or the browser changed hands. */
    private boolean isOfAnother() {
        return means.guard().epoch() != terms.epoch();
    }

    /** False where more comes than was announced: the next request, which may be for a host that is not allowed. */
    private boolean seesUp(ByteBuffer chunk) {
        if (terms.body() >= 0) {
            if (chunk.remaining() > bodyLeft) {
                chunk.limit(chunk.position());
                return false;
            }
            bodyLeft -= chunk.remaining();
        }
        means.guard().passed(chunk.remaining());
        return true;
    }

    private boolean seesDown(ByteBuffer chunk) {
        means.guard().passed(chunk.remaining());
        return true;
    }

    private void settleUp(Pipe.Result result) {
        switch (result) {
            case OPEN -> interests();
            case BROKEN -> serverEnded();
            case ENDED, STOPPED -> drop();
        }
    }

    private void settleDown(Pipe.Result result) {
        switch (result) {
            case OPEN -> interests();
            case ENDED -> serverEnded();
            case BROKEN, STOPPED -> drop();
        }
    }

    private void serverEnded() {
        if (!over) {
            var rest = down.drain();
            release();
            LastWords.say(means.loop(), ends.chrome(), rest);
        }
    }

    private void drop() {
        if (!over) {
            release();
            Sockets.close(ends.chromeSocket());
        }
    }

    /** Ends everything but Chrome's socket. */
    private void release() {
        over = true;
        up.drain();
        down.drain();
        Sockets.close(ends.serverSocket());
        whenOver.run();
    }

    private void interests() {
        if (!over) {
            ends.chrome()
                    .interestOps(
                            (up.blocked() ? 0 : SelectionKey.OP_READ) | (down.blocked() ? SelectionKey.OP_WRITE : 0));
            ends.server()
                    .interestOps(
                            (down.blocked() ? 0 : SelectionKey.OP_READ) | (up.blocked() ? SelectionKey.OP_WRITE : 0));
        }
    }
}
