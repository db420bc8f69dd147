package dev.hearth.agent;

import dev.hearth.wire.Beat;
import dev.hearth.wire.BeatReply;
import dev.hearth.wire.Message;
import dev.hearth.wire.MessageCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A gateway's ingest port that answers as it is told, and remembers what it heard and when. */
final class FakeIngest implements AutoCloseable {
    record Heard(Beat beat, long nanos) {}

    /** What Postgres would say. */
    record Word(
            long epoch,
            @Nullable UUID session,
            long remainingMillis,
            long idleMillis,
            long awaitedMillis,
            boolean ended) {
        Word(long epoch, @Nullable UUID session, long remainingMillis, boolean ended) {
            this(epoch, session, remainingMillis, 0, 0, ended);
        }
    }

    private final ServerSocket server;
    private final String token;
    private final List<Heard> heard = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile Word word = new Word(0, null, -1, false);
    private volatile @Nullable Word told;
    private volatile boolean mute;
    private volatile long newestSequence;

    FakeIngest(String token) {
        this.token = token;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    List<Heard> heard() {
        return heard;
    }

    Beat newest() {
        return heard.getLast().beat();
    }

    boolean heardAny() {
        return !heard.isEmpty();
    }

    void say(Word newWord) {
        word = newWord;
    }

    /** The newest that an agent was sent. */
    @Nullable
    Word told() {
        return told;
    }

    /** Still listens, never answers: a frozen gateway. */
    void mute(boolean silent) {
        mute = silent;
    }

    int connections() {
        return sockets.size();
    }

    void newestSequence(long sequence) {
        newestSequence = sequence;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                answer(socket, line.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException gone) {
            sockets.remove(socket);
        }
    }

    private void answer(Socket socket, byte[] line) throws IOException {
        var message = MessageCodec.decode(line, 0, line.length);
        if (mute) {
            return;
        }
        var now = word;
        switch (message) {
            case Message.Hello hello -> {
                var welcome = new Message.Welcome(reply(hello.browser(), newestSequence, now));
                var refused = new Message.Refused(hello.browser(), "unknown browser or token");
                socket.getOutputStream().write(MessageCodec.encode(hello.token().equals(token) ? welcome : refused));
            }
            case Message.Beating(var beat) -> {
                heard.add(new Heard(beat, System.nanoTime()));
                socket.getOutputStream()
                        .write(MessageCodec.encode(new Message.Reply(reply(beat.browser(), beat.sequence(), now))));
            }
            case Message.Welcome _, Message.Refused _, Message.Reply _ ->
                throw new IllegalStateException("an agent does not say this");
        }
        told = now;
    }

    private static BeatReply reply(UUID browser, long sequence, Word word) {
        return new BeatReply(
                browser,
                sequence,
                word.epoch(),
                word.session(),
                word.remainingMillis(),
                word.idleMillis(),
                word.awaitedMillis(),
                word.ended());
    }

    @Override
    public void close() {
        try {
            server.close();
            for (var socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
