package dev.hearth.testing;

import dev.hearth.wire.GrantCodec;
import dev.hearth.wire.VerifyingKey;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An agent without a Chrome: checks grants as a real one does and answers texts by their words. {@code die} drops the
 * socket, {@code bye 4001} closes it, {@code big n} sends n bytes in one message, {@code flood n} sends n messages of
 * 1 MiB; anything else comes back.
 */
public final class FakeAgent implements AutoCloseable {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /** What happened here, in order: {@code CLIENT /devtools/browser}, {@code close 4000}, {@code fin}, {@code END /end}. */
    public final List<String> events = new CopyOnWriteArrayList<>();

    public final AtomicInteger open = new AtomicInteger();
    /** Status and body for the next upgrades, in place of a 101. */
    public volatile String refusal = "";

    private final ServerSocket server;
    private final VerifyingKey key;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    public FakeAgent(String publicKeys) throws Exception {
        server = new ServerSocket(0, 1024, InetAddress.getByName("127.0.0.1"));
        key = VerifyingKey.ofX509(Base64.getDecoder().decode(publicKeys.split(",")[0]));
        Thread.ofVirtual().start(this::accept);
    }

    public String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** As if the pod were deleted. */
    public void vanish() throws IOException {
        close();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (var socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                var socket = server.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            events.add("closed");
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 65_536));
            var request = head(in);
            var path = request[0].split(" ")[1];
            var grant = GrantCodec.open(
                    header(request, GrantCodec.HEADER), key, "pod-uid", Instant.now(), Duration.ofSeconds(30));
            if (!(grant instanceof GrantCodec.Opened.Valid(var valid))) {
                answer(socket, "401 Unauthorized", grant.toString());
            } else if (header(request, "Upgrade").isEmpty()) {
                events.add(valid.kind() + " " + path);
                plain(socket, path);
            } else {
                events.add(valid.kind() + " " + path);
                join(socket, in, request);
            }
        } catch (Exception gone) {
            events.add("lost");
        } finally {
            sockets.remove(socket);
        }
    }

    private void plain(Socket socket, String path) throws IOException {
        switch (path) {
            case "/json/version" ->
                answer(
                        socket,
                        "200 OK",
                        "{\"Browser\":\"Fake/1\",\"webSocketDebuggerUrl\":\"ws://127.0.0.1:1/devtools/browser/x\"}");
            case "/json/list" ->
                answer(
                        socket,
                        "200 OK",
                        "[{\"id\":\"T1\",\"devtoolsFrontendUrl\":\"http://127.0.0.1:1/x\",\"webSocketDebuggerUrl\":\"ws://127.0.0.1:1/devtools/page/T1\"}]");
            case "/json/activate/T1" -> answer(socket, "200 OK", "Target activated");
            case "/json/close/T1" -> answer(socket, "200 OK", "Target is closing");
            default -> {
                if (path.startsWith("/json/new")) {
                    answer(
                            socket,
                            "200 OK",
                            "{\"id\":\"T9\",\"webSocketDebuggerUrl\":\"ws://127.0.0.1:1/devtools/page/T9\"}");
                } else if (path.startsWith("/json/")) {
                    answer(socket, "502 Bad Gateway", "{\"why\":\"Chrome gave no document\"}");
                } else {
                    answer(socket, "204 No Content", "");
                }
            }
        }
    }

    private void join(Socket socket, DataInputStream in, String[] request) throws Exception {
        if (!refusal.isEmpty()) {
            var space = refusal.indexOf(' ');
            answer(socket, refusal.substring(0, space) + " Refused", refusal.substring(space + 1));
            return;
        }
        var accept = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-1")
                        .digest((header(request, "Sec-WebSocket-Key") + GUID).getBytes(StandardCharsets.US_ASCII)));
        socket.getOutputStream()
                .write(
                        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                                        + accept + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
        open.incrementAndGet();
        try {
            talk(socket, in);
        } catch (java.io.EOFException | java.net.SocketException end) {
            events.add(end instanceof java.io.EOFException ? "fin" : "lost");
        } finally {
            open.decrementAndGet();
        }
    }

    private void talk(Socket socket, DataInputStream in) throws IOException {
        while (true) {
            var frame = WebSocketBytes.read(in);
            if (frame.opcode() == 8) {
                events.add("close " + frame.closeCode());
                send(socket, true, 8, frame.payload());
                return;
            }
            var words = frame.opcode() == 1 && frame.payload().length < 64
                    ? frame.text().split(" ")
                    : new String[] {""};
            switch (words[0]) {
                case "die" -> {
                    return;
                }
                case "bye" -> send(socket, true, 8, close(Integer.parseInt(words[1])));
                case "big" -> send(socket, true, 1, new byte[Integer.parseInt(words[1])]);
                case "half" -> {
                    // The header of a frame whose payload never comes.
                    socket.getOutputStream().write(new byte[] {(byte) 0x81, 126, 10, 0, 1, 2, 3});
                    socket.getOutputStream().flush();
                }
                case "flood" -> {
                    for (var i = 0; i < Integer.parseInt(words[1]); i++) {
                        send(socket, true, 1, new byte[1 << 20]);
                    }
                }
                default -> send(socket, frame.last(), frame.opcode() == 9 ? 10 : frame.opcode(), frame.payload());
            }
        }
    }

    private static void send(Socket socket, boolean last, int opcode, byte[] payload) throws IOException {
        socket.getOutputStream().write(WebSocketBytes.frame(last, opcode, payload, false));
        socket.getOutputStream().flush();
    }

    private static byte[] close(int code) {
        return new byte[] {(byte) (code >> 8), (byte) code};
    }

    private static void answer(Socket socket, String status, String body) throws IOException {
        socket.getOutputStream()
                .write(("HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static String[] head(DataInputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString().split("\r\n");
    }

    private static String header(String[] head, String name) {
        return Arrays.stream(head)
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }
}
