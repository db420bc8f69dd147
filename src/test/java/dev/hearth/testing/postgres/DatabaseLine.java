package dev.hearth.testing.postgres;

import dev.hearth.local.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The line to a database server, which a test can cut and mend: with it cut the server is gone for all who come this way. */
public final class DatabaseLine implements AutoCloseable {
    private final int target;
    /** While the line is cut nobody listens there: one that the kernel had given out it might give to others. */
    private final int port = FreePorts.loopback(1).getFirst();

    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private ServerSocket listener;
    private Thread acceptor;

    public DatabaseLine(int target) {
        this.target = target;
        this.listener = listen(port);
        this.acceptor = accept(listener);
    }

    public int port() {
        return port;
    }

    /** Refuses from now on, and ends what is under way. */
    public synchronized void cut() {
        close();
    }

    public synchronized void mend() {
        listener = listen(port);
        acceptor = accept(listener);
    }

    private static ServerSocket listen(int wanted) {
        try {
            return new ServerSocket(wanted, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Thread accept(ServerSocket here) {
        return Thread.ofVirtual().start(() -> acceptUntilClosed(here));
    }

    private void acceptUntilClosed(ServerSocket here) {
        while (!here.isClosed()) {
            try {
                connect(here.accept());
            } catch (IOException closed) {
                continue;
            }
        }
    }

    /** A server that takes nobody now is no reason to take nobody any more. */
    private void connect(Socket client) throws IOException {
        Socket server;
        try {
            server = new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException refused) {
            client.close();
            return;
        }
        open.add(client);
        open.add(server);
        Thread.ofVirtual().start(() -> pump(client, server));
        Thread.ofVirtual().start(() -> pump(server, client));
    }

    private void pump(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException ended) {
            // either side went: the other is closed with it
            return;
        } finally {
            open.remove(from);
        }
    }

    @Override
    public synchronized void close() {
        try {
            listener.close();
            // Until its last accept has returned the port is taken, and one more line may be open.
            acceptor.join();
            for (var socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }
}
