package dev.hearth.agent;

import dev.hearth.wire.BeatReply;
import dev.hearth.wire.Message;
import dev.hearth.wire.MessageCodec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The line to the gateways: one connection at a time, another one whenever it fails. Nothing is queued; what is sent is
 * always the newest, built when the socket can take it.
 */
final class Ingest implements EventLoop.Handler {
    /** Who speaks over this line, and listens. */
    interface Speaker {
        Message.Hello hello();

        Message.Beating beat();

        void welcomed(BeatReply state);

        void replied(BeatReply reply);
    }

    private enum State {
        DOWN,
        CONNECTING,
        GREETING,
        WELCOME
    }

    private final EventLoop loop;
    private final Gateways gateways;
    private final Speaker speaker;
    private final SplittableRandom random = new SplittableRandom();
    private final ByteBuffer in = ByteBuffer.allocate(Message.LONGEST);
    private ByteBuffer out = ByteBuffer.allocate(0);
    private State state = State.DOWN;
    private boolean newsWaiting;
    private int failures;
    private long unanswered;
    private @Nullable SelectionKey key;
    private EventLoop.@Nullable Timer answer;

    Ingest(EventLoop loop, Gateways gateways, Speaker speaker) {
        this.loop = loop;
        this.gateways = gateways;
        this.speaker = speaker;
    }

    void start() {
        gateways.next(this::connect);
    }

    /** There is something to say: at once, or as soon as there is a line. */
    void tell() {
        newsWaiting = true;
        if (key != null && state == State.WELCOME) {
            speak(key);
        }
    }

    @Override
    public void ready(SelectionKey ready) throws IOException {
        switch (state) {
            case DOWN -> {}
            case CONNECTING -> {
                socket(ready).finishConnect();
                greet(ready);
            }
            case GREETING, WELCOME -> {
                if (ready.isWritable()) {
                    speak(ready);
                }
                if (state != State.DOWN && ready.isReadable()) {
                    listen(ready);
                }
            }
        }
    }

    @Override
    public void broken(Exception cause) {
        fail("lost");
    }

    private void connect(@Nullable InetSocketAddress address) {
        if (address == null) {
            fail("has no address");
            return;
        }
        state = State.CONNECTING;
        awaitAnswer();
        try {
            var socket = SocketChannel.open();
            key = loop.register(socket, SelectionKey.OP_CONNECT, this);
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (socket.connect(address)) {
                greet(key);
            }
        } catch (IOException | RuntimeException refused) {
            fail("refused");
        }
    }

    private void greet(SelectionKey ready) {
        state = State.GREETING;
        in.clear();
        out = ByteBuffer.wrap(MessageCodec.encode(speaker.hello()));
        speak(ready);
    }

    private void speak(SelectionKey ready) {
        try {
            socket(ready).write(out);
            if (!out.hasRemaining() && newsWaiting && state == State.WELCOME) {
                newsWaiting = false;
                var beat = speaker.beat();
                unanswered = beat.beat().sequence();
                out = ByteBuffer.wrap(MessageCodec.encode(beat));
                awaitAnswer();
                socket(ready).write(out);
            }
            ready.interestOps(SelectionKey.OP_READ | (out.hasRemaining() ? SelectionKey.OP_WRITE : 0));
        } catch (IOException gone) {
            fail("lost");
        }
    }

    private void listen(SelectionKey ready) throws IOException {
        if (socket(ready).read(in) < 0) {
            fail("closed");
            return;
        }
        var start = 0;
        for (var at = 0; at < in.position() && state != State.DOWN; at++) {
            if (in.get(at) == '\n') {
                heard(in.array(), start, at - start);
                start = at + 1;
            }
        }
        if (state == State.DOWN) {
            return;
        }
        in.limit(in.position()).position(start);
        in.compact();
        if (!in.hasRemaining()) {
            fail("sent too long a line");
        }
    }

    private void heard(byte[] line, int start, int length) {
        try {
            switch (MessageCodec.decode(line, start, length)) {
                case Message.Welcome(var word) -> welcomed(word);
                case Message.Reply(var word) -> replied(word);
                case Message.Refused _ -> fail("refused this browser");
                case Message.Hello _, Message.Beating _ -> fail("speaks like an agent");
            }
        } catch (IllegalArgumentException malformed) {
            fail("sent a malformed line");
        }
    }

    private void welcomed(BeatReply word) {
        state = State.WELCOME;
        Console.say("gateway welcomes");
        settle();
        speaker.welcomed(word);
        tell();
    }

    private void replied(BeatReply word) {
        failures = 0;
        if (word.sequence() >= unanswered) {
            settle();
        }
        speaker.replied(word);
    }

    private void fail(String why) {
        if (state == State.WELCOME || failures == 0) {
            Console.say("gateway " + why + "; trying the next");
        }
        state = State.DOWN;
        settle();
        if (key != null) {
            Sockets.close(key.channel());
            key = null;
        }
        failures++;
        loop.after(BeatPolicy.backoff(failures, random.nextDouble()), this::start);
    }

    /** Runs from the first unanswered word, so that beats at every change cannot put it off. */
    private void awaitAnswer() {
        if (answer == null) {
            answer = loop.after(BeatPolicy.ANSWER, () -> fail("is silent"));
        }
    }

    private void settle() {
        if (answer != null) {
            answer.cancel();
            answer = null;
        }
    }

    private static SocketChannel socket(SelectionKey key) {
        return (SocketChannel) key.channel();
    }
}
