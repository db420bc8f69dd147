package dev.hearth.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A proxy before Postgres that steals the answers to a number of COMMITs and cuts their connections. */
final class CommitThief implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger toSteal = new AtomicInteger();
    private final int target;

    CommitThief(int target) throws IOException {
        this.target = target;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    void stealNext(int commits) {
        toSteal.set(commits);
    }

    int left() {
        return toSteal.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                var server = new Socket(InetAddress.getLoopbackAddress(), target);
                Thread.ofVirtual().start(() -> pump(client, server, false));
                Thread.ofVirtual().start(() -> pump(server, client, true));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void pump(Socket from, Socket to, boolean answers) {
        var buffer = new byte[65536];
        try (from;
                to) {
            var in = from.getInputStream();
            for (var n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (answers && isCommit(buffer, n) && toSteal.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    return;
                }
                to.getOutputStream().write(buffer, 0, n);
                to.getOutputStream().flush();
            }
        } catch (IOException ended) {
            // either side went: the other is closed with it
            return;
        }
    }

    /** What Postgres says when it has committed. */
    private static boolean isCommit(byte[] bytes, int length) {
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1).contains("COMMIT\0");
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
