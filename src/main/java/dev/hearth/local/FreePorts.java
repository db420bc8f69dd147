package dev.hearth.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that nobody listened on a moment ago. They are taken from below the range that the kernel gives to outgoing
 * connections, or one of those could sit on a port before the program that it was chosen for.
 */
public final class FreePorts {
    private static final int LOWEST = 15_000;
    private static final int BEYOND = 32_000;
    /** So many taken ports in a row mean that something else is wrong. */
    private static final int ATTEMPTS = 200;

    private FreePorts() {}

    public static List<Integer> loopback(int count) {
        var held = new ArrayList<ServerSocket>();
        try {
            for (var attempt = 0; held.size() < count && attempt < ATTEMPTS; attempt++) {
                bind(ThreadLocalRandom.current().nextInt(LOWEST, BEYOND)).ifPresent(held::add);
            }
            if (held.size() < count) {
                throw new LocalFailure("no free port on loopback", "stop what holds the ports");
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            held.forEach(FreePorts::release);
        }
    }

    private static Optional<ServerSocket> bind(int port) {
        try {
            return Optional.of(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
        } catch (IOException taken) {
            return Optional.empty();
        }
    }

    private static void release(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException alreadyClosed) {
            throw new IllegalStateException(alreadyClosed);
        }
    }
}
