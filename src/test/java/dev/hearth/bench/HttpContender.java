package dev.hearth.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A gateway over HTTP: each client on a connection that stays, and as plain as can be, for it shares the processor. */
record HttpContender(int port, Replacements replacements) implements Contender {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CLAIM = "{\"pool\":\"" + ClaimsDatabase.POOL + "\",\"keepAlive\":true}";
    private static final String RELEASE = "{\"status\":\"REQUEST_RELEASE\"}";

    @Override
    public Client client() throws IOException {
        return new HttpClient(new Socket("127.0.0.1", port));
    }

    private final class HttpClient implements Client {
        private final Socket socket;
        private final InputStream in;

        HttpClient(Socket socket) throws IOException {
            this.socket = socket;
            socket.setTcpNoDelay(true);
            this.in = new BufferedInputStream(socket.getInputStream());
        }

        @Override
        public @Nullable Held claim() throws IOException {
            var answer = post("/v1/sessions", CLAIM);
            if (answer.status == 503 && answer.body.contains("pool-exhausted")) {
                return null;
            }
            if (answer.status != 201) {
                throw new IOException("voids the run: " + answer);
            }
            var session = JSON.readTree(answer.body).path("id").asText();
            return new Held(UUID.fromString(session), null);
        }

        @Override
        public void release(Held held) throws IOException {
            var answer = post("/v1/sessions/" + held.session(), RELEASE);
            if (answer.status != 200) {
                throw new IOException("voids the run: " + answer);
            }
            replacements.of(held.session());
        }

        private Answer post(String path, String body) throws IOException {
            var request =
                    "POST %s HTTP/1.1\r\nHost: localhost:%d\r\nX-BB-API-Key: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                            .formatted(path, port, ClaimsDatabase.API_KEY, body.length(), body);
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
            return new Answer(status, new String(in.readNBytes(length), StandardCharsets.UTF_8));
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

    private record Answer(int status, String body) {}
}
