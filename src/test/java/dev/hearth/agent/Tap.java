package dev.hearth.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Stands between an agent and its Chrome, and counts who comes: what was never connected can have sent no byte. */
final class Tap implements AutoCloseable {
    private final ServerSocket server;
    private final int chromePort;
    private final AtomicInteger connections = new AtomicInteger();
    private volatile AtomicLong newest = new AtomicLong();

    /** Writes a DevToolsActivePort of its own into {@code directory}. */
    Tap(Path directory, ActivePort chrome) {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            chromePort = chrome.port();
            Files.createDirectories(directory);
            Files.writeString(
                    directory.resolve("DevToolsActivePort"), server.getLocalPort() + "\n" + chrome.browserPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    int connections() {
        return connections.get();
    }

    /** Bytes to Chrome on the connection that was opened last. */
    long bytesOfNewest() {
        return newest.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                var bytes = new AtomicLong();
                newest = bytes;
                connections.incrementAndGet();
                var chrome = new Socket("127.0.0.1", chromePort);
                Thread.ofVirtual().start(() -> pass(client, chrome, bytes));
                Thread.ofVirtual().start(() -> pass(chrome, client, new AtomicLong()));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void pass(Socket from, Socket to, AtomicLong bytes) {
        var chunk = new byte[8192];
        try (from;
                to) {
            for (var n = from.getInputStream().read(chunk);
                    n >= 0;
                    n = from.getInputStream().read(chunk)) {
                to.getOutputStream().write(chunk, 0, n);
                bytes.addAndGet(n);
            }
        } catch (IOException ended) {
            assert from.isClosed();
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
