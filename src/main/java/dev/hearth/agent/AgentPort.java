package dev.hearth.agent;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.function.IntSupplier;

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
    private final IntSupplier others;

    private AgentPort(
            EventLoop loop,
            Buffers buffers,
            Exchange.Receiver receiver,
            ServerSocketChannel server,
            IntSupplier others) {
        this.loop = loop;
        this.buffers = buffers;
        this.receiver = receiver;
        this.server = server;
        this.others = others;
    }

    /**
     * @param others how many of the loop's sockets are none of this port's and have a limit of their own
     * @return the listening socket, whose end closes the door
     * @throws IOException where the address cannot be listened on
     */
    static ServerSocketChannel open(
            EventLoop loop, Buffers buffers, Exchange.Receiver receiver, InetSocketAddress address, IntSupplier others)
            throws IOException {
        var server = ServerSocketChannel.open().bind(address);
        loop.register(server, SelectionKey.OP_ACCEPT, new AgentPort(loop, buffers, receiver, server, others));
        return server;
    }

    @Override
    public void ready(SelectionKey key) {
        try {
            for (var socket = server.accept(); socket != null; socket = server.accept()) {
                if (loop.sockets() - others.getAsInt() < MOST_SOCKETS) {
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
