package dev.hearth.agent;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;

/** Accepts the connections of Chrome, whose only way out this is. Its own limit: pages must not take the gateways' places. */
final class GuardPort implements EventLoop.Handler {
    /** After a failed accept, which means no file descriptors: trying on at once would burn a processor. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** Chrome opens 32 to a proxy, and WebSockets beside them. More: their stalled bytes do not fit into our memory. */
    private static final int MOST = 128;

    private final GuardExchange.Means means;
    private final ServerSocketChannel server;
    private int open;

    private GuardPort(GuardExchange.Means means, ServerSocketChannel server) {
        this.means = means;
        this.server = server;
    }

    /** @throws IOException where the address cannot be listened on: then Chrome's proxy would be somebody else's */
    static GuardPort open(GuardExchange.Means means, InetSocketAddress address) throws IOException {
        var server = ServerSocketChannel.open().bind(address, MOST);
        var port = new GuardPort(means, server);
        means.loop().register(server, SelectionKey.OP_ACCEPT, port);
        return port;
    }

    /** At most, of all kinds. */
    int sockets() {
        return 1 + 2 * open;
    }

    @Override
    public void ready(SelectionKey key) {
        try {
            for (var socket = server.accept(); socket != null; socket = server.accept()) {
                if (open < MOST) {
                    open++;
                    GuardExchange.begin(means, socket, () -> open--);
                } else {
                    Sockets.close(socket);
                }
            }
        } catch (IOException exhausted) {
            Console.say("cannot accept from Chrome: " + exhausted.getMessage());
            key.interestOps(0);
            means.loop().after(PAUSE, () -> key.interestOps(SelectionKey.OP_ACCEPT));
        }
    }

    @Override
    public void broken(Exception cause) {
        throw new IllegalStateException("the guard's port is broken", cause);
    }
}
