package dev.hearth.agent;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One request on the agent port. One per socket: it is answered and closed, or its socket is handed on. Whoever waits for
 * Chrome on its behalf must say what to do when the client goes away meanwhile.
 */
final class Exchange implements EventLoop.Handler {
    /** Longer: an unauthenticated neighbour holds a socket for longer. Shorter: a gateway on a bad network is cut. */
    private static final Duration HEAD_PATIENCE = Duration.ofSeconds(10);

    /** Answers a request, or takes its socket over. */
    interface Receiver {
        void received(Exchange exchange, HttpHead head);
    }

    private final EventLoop loop;
    private final Buffers buffers;
    private final Receiver receiver;
    private final SocketChannel socket;
    private final SelectionKey key;
    private final HeadParser parser = new HeadParser();
    private final EventLoop.Timer patience;
    private Runnable onLost = () -> {};
    private boolean received;
    private boolean spokeOn;

    private Exchange(EventLoop loop, Buffers buffers, Receiver receiver, SocketChannel socket) throws IOException {
        this.loop = loop;
        this.buffers = buffers;
        this.receiver = receiver;
        this.socket = socket;
        this.key = loop.register(socket, SelectionKey.OP_READ, this);
        this.patience = loop.after(HEAD_PATIENCE, this::lose);
    }

    static void begin(EventLoop loop, Buffers buffers, Receiver receiver, SocketChannel socket) throws IOException {
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        Sockets.noticeSilentDeath(socket);
        var _ = new Exchange(loop, buffers, receiver, socket);
    }

    /** The socket, for whoever takes it over. */
    SelectionKey key() {
        return key;
    }

    /** Whether more than the head came: a body, or a client that does not wait for its 101. */
    boolean spokeOn() {
        return spokeOn;
    }

    void whenLost(Runnable task) {
        onLost = task;
    }

    void refuse(int status, String why) {
        answer(status, "{\"why\":\"" + why + "\"}");
    }

    /** @param json empty for none; never with a quote or a value from outside in it */
    void answer(int status, String json) {
        var head = "HTTP/1.1 " + status + " " + reason(status) + "\r\nConnection: close\r\n"
                + (status == 204 ? "" : "Content-Length: " + json.length() + "\r\n")
                + (json.isEmpty() ? "" : "Content-Type: application/json\r\n")
                + "\r\n";
        LastWords.say(loop, key, (head + json).getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void ready(SelectionKey ready) throws IOException {
        var chunk = buffers.transfer();
        if (received || socket.read(chunk) < 0) {
            lose();
            return;
        }
        switch (parser.feed(chunk.flip())) {
            case HeadParser.Progress.Incomplete _ -> {}
            case HeadParser.Progress.Malformed malformed -> {
                patience.cancel();
                refuse(malformed.status(), malformed.why());
            }
            case HeadParser.Progress.Complete(var head) -> {
                patience.cancel();
                received = true;
                spokeOn = chunk.hasRemaining();
                receiver.received(this, head);
            }
        }
    }

    @Override
    public void broken(Exception cause) {
        lose();
    }

    /** Also when bytes come before the answer: a client that does not wait is no WebSocket client. */
    private void lose() {
        patience.cancel();
        Sockets.close(socket);
        onLost.run();
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 204 -> "No Content";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 409 -> "Conflict";
            case 431 -> "Request Header Fields Too Large";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            default -> throw new IllegalArgumentException("no words for status " + status);
        };
    }
}
