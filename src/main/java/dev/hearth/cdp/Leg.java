package dev.hearth.cdp;

import io.netty.buffer.Unpooled;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** One socket of a pump: written to, held back, and brought to an end. Event loop only. */
final class Leg {
    /** For the peer's own close frame. Longer keeps dead sockets; shorter turns slow goodbyes into resets. */
    private static final long GOODBYE_MILLIS = TimeUnit.SECONDS.toMillis(1);

    private static final int CLOSE_FRAME = 0x88;

    private final Vertx vertx;
    private final NetSocket socket;
    private long written;
    private boolean finishing;
    private boolean closed;

    Leg(Vertx vertx, NetSocket socket) {
        this.vertx = vertx;
        this.socket = socket;
    }

    NetSocket socket() {
        return socket;
    }

    long written() {
        return written;
    }

    boolean closed() {
        return closed;
    }

    void markClosed() {
        closed = true;
    }

    void write(ByteBuffer bytes) {
        written += bytes.remaining();
        socket.write(Buffer.buffer(Unpooled.wrappedBuffer(bytes)));
    }

    void write(byte[] bytes) {
        write(ByteBuffer.wrap(bytes));
    }

    /** Stops reading from {@code reader} while this leg has more to write than it should hold. */
    void holdBack(Leg reader, Runnable drained) {
        if (!closed && socket.writeQueueFull()) {
            reader.socket.pause();
            socket.drainHandler(_ -> {
                drained.run();
                reader.socket.resume();
            });
        }
    }

    /**
     * The last frame is written. Reads on for a moment without caring what comes: closing over unread bytes would make
     * the kernel send a reset, which may overtake that last frame.
     */
    void finish() {
        if (finishing || closed) {
            return;
        }
        finishing = true;
        socket.endHandler(_ -> socket.close());
        socket.handler(rest -> {
            if ((rest.getByte(0) & 0xFF) == CLOSE_FRAME) {
                socket.close();
            }
        });
        socket.resume();
        vertx.setTimer(GOODBYE_MILLIS, _ -> socket.close());
    }

    void close() {
        if (!closed) {
            socket.close();
        }
    }
}
