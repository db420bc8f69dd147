package dev.hearth.testing.postgres;

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
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private ServerSocket listener;
    private Thread acceptor;

    public DatabaseLine(int target) {
        this.target = target;
        this.listener = listen(0);
        this.acceptor = accept(listener);
        this.port = listener.getLocalPort();
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
                var client = here.accept();
                var server = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(client);
                open.add(server);
                Thread.ofVirtual().start(() -> pump(client, server));
                Thread.ofVirtual().start(() -> pump(server, client));
            } catch (IOException closed) {
                return;
            }
        }
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
