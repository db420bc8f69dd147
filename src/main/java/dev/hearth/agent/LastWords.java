package dev.hearth.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * Ends a socket so that its reader gets the last bytes: writes them, sends FIN, and throws away what still comes in until
 * the other side closes too. Closing at once with unread input would send RST, which may overtake the bytes.
 */
final class LastWords implements EventLoop.Handler {
    /** Longer: a peer that never closes holds its socket. Shorter: a slow network loses the reason. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final SocketChannel socket;
    private final SelectionKey key;
    private final ByteBuffer words;
    private final ByteBuffer ignored = ByteBuffer.allocate(1024);
    private final EventLoop.Timer patience;
    private boolean said;

    private LastWords(EventLoop loop, SelectionKey key, byte[] words) {
        this.key = key;
        this.socket = (SocketChannel) key.channel();
        this.words = ByteBuffer.wrap(words);
        this.patience = loop.after(PATIENCE, this::close);
    }

    /** Takes the socket over; its former owner must not touch it again. */
    static void say(EventLoop loop, SelectionKey key, byte[] words) {
        var last = new LastWords(loop, key, words);
        try {
            key.attach(last);
            last.speak();
        } catch (IOException | RuntimeException lost) {
            last.close();
        }
    }

    @Override
    public void ready(SelectionKey ready) throws IOException {
        if (!said) {
            speak();
        } else if (socket.read(ignored.clear()) < 0) {
            close();
        }
    }

    @Override
    public void broken(Exception cause) {
        close();
    }

    private void speak() throws IOException {
        socket.write(words);
        said = !words.hasRemaining();
        if (said) {
            socket.shutdownOutput();
        }
        key.interestOps(said ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
    }

    private void close() {
        patience.cancel();
        Sockets.close(socket);
    }
}
