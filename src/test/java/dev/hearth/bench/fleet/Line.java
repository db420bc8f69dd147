package dev.hearth.bench.fleet;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One connection to the ingest port, which speaks for many browsers. What does not fit waits for nobody. */
final class Line {
    /** Where lines are read to: the start of each whole line in the buffer. */
    interface Reader {
        void line(byte[] bytes, int start);
    }

    private final SocketChannel socket;
    private final ByteBuffer out;
    private final ByteBuffer in;

    private Line(SocketChannel socket, int room) {
        this.socket = socket;
        this.out = ByteBuffer.allocate(room);
        this.in = ByteBuffer.allocate(room);
    }

    static Line open(InetSocketAddress ingest, int room, Selector selector) throws IOException {
        var socket = SocketChannel.open(ingest);
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        socket.configureBlocking(false);
        var line = new Line(socket, room);
        socket.register(selector, SelectionKey.OP_READ, line);
        return line;
    }

    /** To be filled while it has room for what is put. */
    ByteBuffer out() {
        return out;
    }

    /** As much as the socket takes. */
    void flush() throws IOException {
        if (out.position() > 0) {
            out.flip();
            socket.write(out);
            out.compact();
        }
    }

    void read(Reader reader) throws IOException {
        if (socket.read(in) < 0) {
            throw new EOFException("the gateway hung up on a line of the fleet");
        }
        var bytes = in.array();
        var start = 0;
        for (var at = 0; at < in.position(); at++) {
            if (bytes[at] == '\n') {
                reader.line(bytes, start);
                start = at + 1;
            }
        }
        in.limit(in.position()).position(start);
        in.compact();
    }

    void close() throws IOException {
        socket.close();
    }
}
