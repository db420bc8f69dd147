package dev.hearth.local.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Hands out 127.a.b.1 … 127.a.b.254, where a and b are the API server's port: two stacks on one machine have different ports
 * and so different addresses. An address that was given back is the last to be handed out again.
 */
final class LoopbackAddresses {
    private static final int LAST = 254;

    private final String prefix;
    private final Set<Integer> taken = new HashSet<>();
    private int next = 1;

    LoopbackAddresses(int apiServerPort) {
        // 127.0.x is where everybody else listens; a port below 256 is of a remote API server anyway.
        int high = apiServerPort >> 8 == 0 ? 200 : apiServerPort >> 8;
        this.prefix = "127.%d.%d.".formatted(high, apiServerPort & 0xff);
    }

    /** Empty when all are in use. */
    synchronized Optional<String> take() {
        for (int tried = 0; tried < LAST; tried++) {
            int candidate = next;
            next = next == LAST ? 1 : next + 1;
            if (!taken.contains(candidate) && bindable(prefix + candidate)) {
                taken.add(candidate);
                return Optional.of(prefix + candidate);
            }
        }
        return Optional.empty();
    }

    synchronized void giveBack(String address) {
        taken.remove(Integer.parseInt(address.substring(address.lastIndexOf('.') + 1)));
    }

    private static boolean bindable(String address) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(address, 0));
            return true;
        } catch (IOException refused) {
            return false;
        }
    }
}
