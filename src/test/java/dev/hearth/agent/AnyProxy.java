package dev.hearth.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A forward proxy with a password that takes every host for this machine, and remembers what it was asked. */
final class AnyProxy implements AutoCloseable {
    private final ServerSocket server;
    private final String credentials;
    private final List<String> heads = new CopyOnWriteArrayList<>();

    AnyProxy(String credentials) throws IOException {
        this.credentials = Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        this.server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    List<String> heads() {
        return heads;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            var head = head(client);
            heads.add(head);
            if (!head.contains("Basic " + credentials + "\r\n")) {
                write(client, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
                return;
            }
            var target = head.split(" ", 3)[1].replaceFirst("^http://", "");
            var port = Integer.parseInt(target.replaceFirst("^[^:/]+:(\\d+).*$", "$1"));
            try (var there = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
                if (head.startsWith("CONNECT ")) {
                    write(client, "HTTP/1.1 200 OK\r\n\r\n");
                } else {
                    write(there, head.replaceFirst("http://[^/]+", ""));
                }
                var up = Thread.ofVirtual().start(() -> copy(client, there));
                copy(there, client);
                client.shutdownInput();
                up.join();
            }
        } catch (IOException gone) {
            // What came of it is the tests' to look at.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String head(Socket client) throws IOException {
        var text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            var next = client.getInputStream().read();
            if (next < 0) {
                throw new IOException("no head");
            }
            text.append((char) next);
        }
        return text.toString();
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException gone) {
            // Either side may end first.
            return;
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
