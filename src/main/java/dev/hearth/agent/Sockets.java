package dev.hearth.agent;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;

/** What all sockets of the agent need. */
final class Sockets {
    private Sockets() {}

    /**
     * A gateway whose machine died sends no FIN, and its client would hold an exclusive session for ever: after 14 s without
     * a sign of life the kernel resets it. Longer: the reconnect window is spent waiting. Shorter: a network's hiccup cuts.
     */
    static void noticeSilentDeath(SocketChannel socket) throws IOException {
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 5);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 3);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 3);
    }

    /** Where nothing is left to say or to save. */
    static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException alreadyGone) {
            Console.say("a socket would not close: " + alreadyGone.getMessage());
        }
    }
}
