package dev.hearth.agent;

import static org.awaitility.Awaitility.await;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A plain HTTP and WebSocket client that can do what honest clients do not: stop reading, reset, send anything. */
final class TestSocket implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private int nextId;
    private int status;
    private String head = "";

    /** A WebSocket message, or the close frame that ended them. */
    record Received(int opcode, byte[] bytes) {
        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        int closeCode() {
            return opcode == 8 && bytes.length >= 2 ? (bytes[0] & 0xff) << 8 | bytes[1] & 0xff : -1;
        }
    }

    private TestSocket(int port, int receiveBuffer) {
        try {
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TestSocket open(int port) {
        return new TestSocket(port, 0);
    }

    static TestSocket openSlow(int port) {
        return new TestSocket(port, 8192);
    }

    /** Sends a request and reads the answer's head; the status is what came of it. */
    TestSocket request(String method, String path, Map<String, String> headers) {
        var text = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        headers.forEach((name, value) -> text.append(name + ": " + value + "\r\n"));
        write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        readHead();
        return this;
    }

    TestSocket upgrade(String path, Map<String, String> headers) {
        var all = new LinkedHashMap<>(headers);
        all.put("Upgrade", "websocket");
        all.put("Connection", "Upgrade");
        all.put("Sec-WebSocket-Version", "13");
        all.put("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        return request("GET", path, all);
    }

    void readHead() {
        var bytes = new ByteArrayOutputStream();
        try {
            while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                bytes.write(in.readByte());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        head = bytes.toString(StandardCharsets.ISO_8859_1);
        status = Integer.parseInt(head.split(" ")[1]);
    }

    int status() {
        return status;
    }

    String head() {
        return head;
    }

    String body() {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void send(String text) {
        frame(FrameTracker.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    void frame(int opcode, byte[] payload) {
        write(ClientFrame.masked(opcode, payload, ThreadLocalRandom.current().nextInt()));
    }

    /** Says goodbye as a client that means to go. */
    void sayClose() {
        frame(FrameTracker.CLOSE, new byte[] {0x03, (byte) 0xe8});
    }

    /** The next whole data message or close frame. */
    Received receive() {
        try {
            var message = new ByteArrayOutputStream();
            while (true) {
                var first = in.readUnsignedByte();
                var payload = new byte[Math.toIntExact(length(in.readUnsignedByte()))];
                in.readFully(payload);
                var opcode = first & 0x0f;
                if (opcode >= FrameTracker.CLOSE) {
                    if (opcode == FrameTracker.CLOSE) {
                        return new Received(opcode, payload);
                    }
                    continue;
                }
                message.writeBytes(payload);
                if ((first & 0x80) != 0) {
                    return new Received(FrameTracker.TEXT, message.toByteArray());
                }
            }
        } catch (EOFException end) {
            return new Received(-1, new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One command and its answer, events between them skipped. */
    String call(String method, String params) {
        return call(method, params, null);
    }

    String call(String method, String params, @Nullable String session) {
        var id = ++nextId;
        send(CdpMessage.command(id, method, params, session));
        while (true) {
            var received = receive();
            if (received.opcode() != FrameTracker.TEXT) {
                throw new IllegalStateException("ended before the answer: " + received.closeCode());
            }
            var text = received.text();
            if (text.startsWith("{\"id\":" + id + ",")) {
                return text;
            }
        }
    }

    /** A CDP session of our own with the first page. */
    String attach() {
        var target =
                field(call("Target.getTargets", "{\"filter\":[{\"type\":\"page\"}]}"), "result.targetInfos.0.targetId");
        return field(
                call("Target.attachToTarget", "{\"targetId\":\"" + target + "\",\"flatten\":true}"),
                "result.sessionId");
    }

    String evaluate(String expression) {
        return call("Runtime.evaluate", "{\"expression\":\"" + expression + "\"}", attach());
    }

    /** Until an answer has begun to come in. */
    void awaitBytes() {
        await().until(() -> in.available() > 0);
    }

    private static String field(String json, String path) {
        var bytes = json.getBytes(StandardCharsets.UTF_8);
        return CdpMessage.parse(bytes, bytes.length).orElseThrow().text(path);
    }

    void timeout(Duration duration) {
        try {
            socket.setSoTimeout((int) duration.toMillis());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends without a word, as a killed gateway's kernel may. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long length(int second) throws IOException {
        return switch (second & 0x7f) {
            case 126 -> in.readUnsignedShort();
            case 127 -> in.readLong();
            default -> second & 0x7f;
        };
    }
}
