package dev.hearth.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One fresh request to Chrome, up to the end of its answer's head. Fresh, because nothing that a client sent may reach
 * Chrome before the upgrade: no Origin, no extensions, no Host but its own.
 */
final class ChromeDial implements EventLoop.Handler {
    /** Longer: requests pile up before a frozen Chrome. Shorter: a busy one refuses its own client. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Gets the socket, readable and the caller's own from now on, or the reason why there is none. Called once. */
    interface Outcome {
        void answered(SelectionKey chrome, HttpHead head, ByteBuffer rest);

        void failed(String why);
    }

    private final SocketChannel socket;
    private final byte[] request;
    private final Outcome outcome;
    private final Buffers buffers;
    private final HeadParser parser = new HeadParser();
    private final EventLoop.Timer patience;

    private ChromeDial(EventLoop loop, Buffers buffers, byte[] request, Outcome outcome) throws IOException {
        this.socket = SocketChannel.open();
        this.request = request;
        this.outcome = outcome;
        this.buffers = buffers;
        this.patience = loop.after(PATIENCE, () -> fail("Chrome did not answer in " + PATIENCE.toSeconds() + " s"));
    }

    /** What to ask: a path of Chrome's port, with further header lines each ended by CRLF. */
    record Request(int port, String method, String path, String headers) {
        /** The upgrade with the client's own key, so that Chrome's Sec-WebSocket-Accept answers the client. */
        static Request upgrade(int port, String path, String key) {
            return new Request(
                    port,
                    "GET",
                    path,
                    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                            + key + "\r\n");
        }

        static Request document(int port, String method, String path) {
            return new Request(port, method, path, "");
        }

        byte[] bytes() {
            return (method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n" + headers + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** @return what gives the dial up without an outcome */
    static Runnable dial(EventLoop loop, Buffers buffers, Request request, Outcome outcome) {
        try {
            var dial = new ChromeDial(loop, buffers, request.bytes(), outcome);
            dial.start(loop, request.port());
            return dial::close;
        } catch (IOException refused) {
            loop.execute(() -> outcome.failed("Chrome's port cannot be reached"));
            return () -> {};
        }
    }

    private void start(EventLoop loop, int port) throws IOException {
        try {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            var key = loop.register(socket, SelectionKey.OP_CONNECT, this);
            if (socket.connect(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port))) {
                send(key);
            }
        } catch (IOException refused) {
            close();
            throw refused;
        }
    }

    @Override
    public void ready(SelectionKey key) throws IOException {
        if (key.isConnectable()) {
            socket.finishConnect();
            send(key);
        } else {
            read(key);
        }
    }

    @Override
    public void broken(Exception cause) {
        fail("Chrome's port cannot be reached");
    }

    private void send(SelectionKey key) throws IOException {
        if (socket.write(ByteBuffer.wrap(request)) < request.length) {
            throw new IOException("a fresh socket did not take one small request");
        }
        key.interestOps(SelectionKey.OP_READ);
    }

    private void read(SelectionKey key) throws IOException {
        var chunk = buffers.transfer();
        if (socket.read(chunk) < 0) {
            fail("Chrome closed the connection");
            return;
        }
        switch (parser.feed(chunk.flip())) {
            case HeadParser.Progress.Incomplete _ -> {}
            case HeadParser.Progress.Malformed malformed -> fail("Chrome's answer is not HTTP: " + malformed.why());
            case HeadParser.Progress.Complete(var head) -> {
                patience.cancel();
                outcome.answered(key, head, chunk);
            }
        }
    }

    private void fail(String why) {
        close();
        outcome.failed(why);
    }

    private void close() {
        patience.cancel();
        Sockets.close(socket);
    }
}
