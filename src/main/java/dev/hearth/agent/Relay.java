package dev.hearth.agent;

import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One of Chrome's documents on its way to a client: as long as it is, at the client's pace. */
final class Relay implements EventLoop.Handler {
    /** Longer: a stalled reader holds two sockets. Shorter: a list of very many pages may not arrive. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final EventLoop loop;
    private final SelectionKey client;
    private final SelectionKey chrome;
    private final Pipe pipe;
    private final String mediaType;
    private final EventLoop.Timer patience;
    private long left;

    private Relay(EventLoop loop, Buffers buffers, SelectionKey client, SelectionKey chrome, String mediaType) {
        this.loop = loop;
        this.mediaType = mediaType;
        this.client = client;
        this.chrome = chrome;
        this.pipe = new Pipe((SocketChannel) chrome.channel(), (SocketChannel) client.channel(), this::sees, buffers);
        this.patience = loop.after(PATIENCE, this::drop);
    }

    /** @param mediaType what the client is told, whatever Chrome says */
    record Wanted(ChromeDial.Request request, String mediaType) {}

    /** Asks Chrome for a document and passes its answer on. */
    static void begin(EventLoop loop, Buffers buffers, Exchange exchange, Wanted wanted) {
        exchange.whenLost(ChromeDial.dial(loop, buffers, wanted.request(), new ChromeDial.Outcome() {
            @Override
            public void answered(SelectionKey chrome, HttpHead head, ByteBuffer rest) {
                var length = head.header("content-length");
                if (head.status().equals("200") && length != null && length.matches("\\d{1,9}")) {
                    new Relay(loop, buffers, exchange.key(), chrome, wanted.mediaType())
                            .start(Long.parseLong(length), rest);
                } else {
                    Sockets.close(chrome.channel());
                    exchange.refuse(502, "Chrome gave no document");
                }
            }

            @Override
            public void failed(String why) {
                exchange.refuse(503, why);
            }
        }));
    }

    private void start(long length, ByteBuffer rest) {
        chrome.attach(this);
        client.attach(this);
        left = length;
        sees(rest);
        var head = ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: " + mediaType + "\r\nContent-Length: "
                        + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        var result = pipe.put(ByteBuffer.allocate(head.length + rest.remaining())
                .put(head)
                .put(rest)
                .flip());
        settle(result);
    }

    @Override
    public void ready(SelectionKey key) {
        if (key == client) {
            settle(pipe.flush());
        } else {
            settle(pipe.pump());
        }
    }

    @Override
    public void broken(Exception cause) {
        drop();
    }

    private boolean sees(ByteBuffer chunk) {
        chunk.limit((int) Math.min(chunk.limit(), chunk.position() + left));
        left -= chunk.remaining();
        return left > 0;
    }

    private void settle(Pipe.Result result) {
        switch (result) {
            case OPEN, STOPPED -> goOn();
            case ENDED, BROKEN -> drop();
        }
    }

    /** The client's reads stay off: it has asked, and has nothing more to say. */
    private void goOn() {
        if (left == 0) {
            patience.cancel();
            Sockets.close(chrome.channel());
            LastWords.say(loop, client, pipe.drain());
            return;
        }
        client.interestOps(pipe.blocked() ? SelectionKey.OP_WRITE : 0);
        chrome.interestOps(pipe.blocked() ? 0 : SelectionKey.OP_READ);
    }

    private void drop() {
        patience.cancel();
        pipe.drain();
        Sockets.close(chrome.channel());
        Sockets.close(client.channel());
    }
}
