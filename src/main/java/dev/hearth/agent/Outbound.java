package dev.hearth.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection out of the pod: to the first of the checked addresses that answers, and through a proxy's door where one is there. */
final class Outbound implements EventLoop.Handler {
    /** For one address. Longer: a page waits for a dead one before the next is tried. Shorter: a far one is passed over. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    /** Called once. The socket is readable and the caller's own from then on. */
    interface Outcome {
        void connected(SelectionKey server, ByteBuffer rest);

        void failed(String why);
    }

    /**
     * @param addresses checked ones, at least one
     * @param greeting what a proxy must answer with 2xx first; null: there is none
     */
    record Way(List<InetAddress> addresses, int port, byte @Nullable [] greeting) {}

    private final EventLoop loop;
    private final Buffers buffers;
    private final Way way;
    private final Outcome outcome;
    private final HeadParser parser = new HeadParser();
    private int next;
    private @Nullable SocketChannel socket;
    private EventLoop.@Nullable Timer patience;
    private boolean over;

    private Outbound(EventLoop loop, Buffers buffers, Way way, Outcome outcome) {
        this.loop = loop;
        this.buffers = buffers;
        this.way = way;
        this.outcome = outcome;
    }

    /** @return what gives it up without an outcome */
    static Runnable dial(EventLoop loop, Buffers buffers, Way way, Outcome outcome) {
        var outbound = new Outbound(loop, buffers, way, outcome);
        outbound.tryNext();
        return outbound::close;
    }

    private void tryNext() {
        while (!over) {
            if (next == way.addresses().size()) {
                fail("none of its addresses could be connected to");
                return;
            }
            try {
                begin(way.addresses().get(next++));
                return;
            } catch (IOException unreachable) {
                drop();
            }
        }
    }

    private void begin(InetAddress address) throws IOException {
        var opened = SocketChannel.open();
        socket = opened;
        opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
        Sockets.noticeSilentDeath(opened);
        var key = loop.register(opened, SelectionKey.OP_CONNECT, this);
        patience = loop.after(PATIENCE, this::passOver);
        if (opened.connect(new InetSocketAddress(address, way.port()))) {
            connected(key, opened);
        }
    }

    @Override
    public void ready(SelectionKey key) throws IOException {
        var channel = (SocketChannel) key.channel();
        if (key.isConnectable()) {
            channel.finishConnect();
            connected(key, channel);
        } else {
            read(key, channel);
        }
    }

    @Override
    public void broken(Exception cause) {
        passOver();
    }

    private void passOver() {
        drop();
        tryNext();
    }

    private void connected(SelectionKey key, SocketChannel channel) throws IOException {
        var greeting = way.greeting();
        if (greeting == null) {
            done(key, ByteBuffer.allocate(0));
        } else if (channel.write(ByteBuffer.wrap(greeting)) < greeting.length) {
            throw new IOException("a fresh socket did not take one small request");
        } else {
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    private void read(SelectionKey key, SocketChannel channel) throws IOException {
        var chunk = buffers.transfer().limit(HeadParser.LONGEST);
        if (channel.read(chunk) < 0) {
            fail("the external proxy closed the connection");
            return;
        }
        switch (parser.feed(chunk.flip())) {
            case HeadParser.Progress.Incomplete _ -> {}
            case HeadParser.Progress.Malformed _ -> fail("the external proxy's answer is not HTTP/1.1");
            case HeadParser.Progress.Complete(var head) -> {
                if (head.status().matches("2[0-9][0-9]")) {
                    done(key, chunk);
                } else if (head.status().matches("[0-9]{3}")) {
                    fail("the external proxy refused with status " + head.status());
                } else {
                    fail("the external proxy's answer has no status");
                }
            }
        }
    }

    private void done(SelectionKey key, ByteBuffer rest) {
        over = true;
        cancelPatience();
        outcome.connected(key, rest);
    }

    private void fail(String why) {
        if (!over) {
            close();
            outcome.failed(why);
        }
    }

    private void close() {
        if (!over) {
            over = true;
            drop();
        }
    }

    private void drop() {
        cancelPatience();
        if (socket != null) {
            Sockets.close(socket);
            socket = null;
        }
    }

    private void cancelPatience() {
        if (patience != null) {
            patience.cancel();
        }
    }
}
