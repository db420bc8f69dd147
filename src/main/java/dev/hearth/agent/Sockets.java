package dev.hearth.agent;

import java.io.IOException;
import java.nio.channels.Channel;

/** Ends sockets where nothing is left to say or to save. */
final class Sockets {
    private Sockets() {}

    static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException alreadyGone) {
            Console.say("a socket would not close: " + alreadyGone.getMessage());
        }
    }
}
