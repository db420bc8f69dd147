package dev.hearth.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One connection to a gateway that stays, and as plain as can be, for it shares the processor with what it asks. */
final class PlainConnection implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    private PlainConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    static PlainConnection to(int port) throws IOException {
        var socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        // Longer than a gateway takes to say that its database is away.
        socket.setSoTimeout(20_000);
        return new PlainConnection(socket);
    }

    /** What a gateway said. */
    record Answer(int status, String body) {
        boolean isNoneWarm() {
            return status == 503 && body.contains("pool-exhausted");
        }
    }

    /** @param headers whole lines, each with its end */
    Answer post(String path, String body, String headers) throws IOException {
        var request =
                "POST %s HTTP/1.1\r\nHost: localhost:%d\r\nX-BB-API-Key: %s\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n%s"
                        .formatted(path, socket.getPort(), ClaimsDatabase.API_KEY, headers, body.length(), body);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        var status = Integer.parseInt(line().split(" ")[1]);
        var length = -1;
        for (var header = line(); !header.isEmpty(); header = line()) {
            var name = header.toLowerCase(Locale.ROOT);
            if (name.startsWith("content-length:")) {
                length = Integer.parseInt(
                        name.substring("content-length:".length()).strip());
            }
        }
        if (length < 0) {
            throw new IOException("an answer of unknown length voids the run");
        }
        var answered = in.readNBytes(length);
        if (answered.length < length) {
            throw new EOFException("the gateway closed the connection");
        }
        return new Answer(status, new String(answered, StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (var next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the gateway closed the connection");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
