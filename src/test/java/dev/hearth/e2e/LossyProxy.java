package dev.hearth.e2e;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before a gateway and loses answers: a request always arrives and is answered whole, but a share of the answers
 * never reaches its client, whose socket is cut instead.
 */
final class LossyProxy implements AutoCloseable {
    private final ServerSocket server;
    private final int gateway;
    private final double lost;
    private final boolean withoutKeys;
    private final Random random;
    private final AtomicInteger losses = new AtomicInteger();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /** @param withoutKeys also takes the Idempotency-Key out of each request: as if Hearth did not know it */
    LossyProxy(int gateway, double lost, boolean withoutKeys) throws IOException {
        this.server = new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress());
        this.gateway = gateway;
        this.lost = lost;
        this.withoutKeys = withoutKeys;
        this.random = new Random(42);
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    int losses() {
        return losses.get();
    }

    private void accept() {
        try {
            while (true) {
                var client = server.accept();
                sockets.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException closed) {
            sockets.clear();
        }
    }

    private void serve(Socket client) {
        try (client) {
            var in = new BufferedInputStream(client.getInputStream());
            while (true) {
                var request = message(in);
                byte[] answer;
                try (var upstream = new Socket(InetAddress.getLoopbackAddress(), gateway)) {
                    upstream.getOutputStream().write(withoutKeys ? withoutKey(request) : request);
                    upstream.getOutputStream().flush();
                    answer = message(new BufferedInputStream(upstream.getInputStream()));
                }
                if (isLost()) {
                    losses.incrementAndGet();
                    return;
                }
                client.getOutputStream().write(answer);
                client.getOutputStream().flush();
            }
        } catch (IOException gone) {
            // Either side may close when it has nothing more to say.
            sockets.remove(client);
        }
    }

    private synchronized boolean isLost() {
        return random.nextDouble() < lost;
    }

    /** One HTTP message whose body has a Content-Length, or none. */
    private static byte[] message(InputStream in) throws IOException {
        var message = new ByteArrayOutputStream();
        while (!message.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            var next = in.read();
            if (next < 0) {
                throw new EOFException("closed");
            }
            message.write(next);
        }
        var length = message.toString(StandardCharsets.ISO_8859_1)
                .lines()
                .map(line -> line.toLowerCase(Locale.ROOT))
                .filter(line -> line.startsWith("content-length:"))
                .map(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
        var body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("cut off");
        }
        message.write(body);
        return message.toByteArray();
    }

    private static byte[] withoutKey(byte[] request) {
        return new String(request, StandardCharsets.ISO_8859_1)
                .replaceFirst("(?i)\r\nidempotency-key:[^\r]*", "")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (var socket : sockets) {
            socket.close();
        }
    }
}
