package dev.hearth.agent;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;

/** Accepts on the agent port. Whoever comes is a stranger until a {@link Gatekeeper} has read its grant. */
final class AgentPort implements EventLoop.Handler {
    /** After a failed accept, which means no file descriptors: trying on at once would burn a processor. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** Two for each joined client. More: a neighbour's sockets eat our memory. Fewer: viewers of a session are refused. */
    private static final int MOST_SOCKETS = 256;

    private final EventLoop loop;
    private final Buffers buffers;
    private final Exchange.Receiver receiver;
    private final ServerSocketChannel server;

    private AgentPort(EventLoop loop, Buffers buffers, Exchange.Receiver receiver, ServerSocketChannel server) {
        this.loop = loop;
        this.buffers = buffers;
        this.receiver = receiver;
        this.server = server;
    }

    /**
     * @return the listening socket, whose end closes the door
     * @throws IOException where the address cannot be listened on
     */
    static ServerSocketChannel open(
            EventLoop loop, Buffers buffers, Exchange.Receiver receiver, InetSocketAddress address) throws IOException {
        var server = ServerSocketChannel.open().bind(address);
        loop.register(server, SelectionKey.OP_ACCEPT, new AgentPort(loop, buffers, receiver, server));
        return server;
    }

    @Override
    public void ready(SelectionKey key) {
        try {
            for (var socket = server.accept(); socket != null; socket = server.accept()) {
                if (loop.sockets() < MOST_SOCKETS) {
                    Exchange.begin(loop, buffers, receiver, socket);
                } else {
                    Sockets.close(socket);
                }
            }
        } catch (IOException exhausted) {
            Console.say("cannot accept: " + exhausted.getMessage());
            key.interestOps(0);
            loop.after(PAUSE, () -> key.interestOps(SelectionKey.OP_ACCEPT));
        }
    }

    @Override
    public void broken(Exception cause) {
        throw new IllegalStateException("the agent port is broken", cause);
    }
}
