package dev.hearth.testing;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that sends exactly the bytes it is told to. Blocks, with a time limit of 20 s on each read. */
public final class RawClient implements AutoCloseable {
    public static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private final Socket socket;
    private final DataInputStream in;
    private final List<String> head = new ArrayList<>();

    public RawClient(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 65_536));
    }

    /** Asks for a WebSocket; further header lines as given. */
    public static RawClient open(int port, String target, String... headers) throws IOException {
        var client = new RawClient(port);
        var lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        client.send("GET " + target + " HTTP/1.1\r\nHost: localhost:" + port
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                + KEY + "\r\n" + lines + "\r\n");
        client.readHead();
        return client;
    }

    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    public void sendText(String text) throws IOException {
        send(WebSocketBytes.frame(true, 1, text.getBytes(StandardCharsets.UTF_8), true));
    }

    public WebSocketBytes.Frame frame() throws IOException {
        return WebSocketBytes.read(in);
    }

    /** The next frame that is no ping of the gateway's. */
    public WebSocketBytes.Frame message() throws IOException {
        var frame = frame();
        return frame.opcode() == 9 ? message() : frame;
    }

    public List<String> readHead() throws IOException {
        head.clear();
        for (var line = line(); !line.isEmpty(); line = line()) {
            head.add(line);
        }
        return head;
    }

    public int status() {
        return Integer.parseInt(head.getFirst().split(" ", 3)[1]);
    }

    public String header(String name) {
        return head.stream()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT)
                        .startsWith(name.toLowerCase(java.util.Locale.ROOT) + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    /** As long as Content-Length says. */
    public String body() throws IOException {
        var length = header("content-length");
        return new String(in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length)), StandardCharsets.UTF_8);
    }

    /** Whether the other side has closed: reads what is left. */
    public boolean atEnd() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    public DataInputStream in() {
        return in;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (var c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return line.toString();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
