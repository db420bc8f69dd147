package dev.hearth.ingest;

import static dev.hearth.telemetry.LogKeys.BROWSER;

import dev.hearth.claim.HeartbeatStore.Fence;
import dev.hearth.claim.HeartbeatStore.Hello;
import dev.hearth.claim.HeartbeatStore.Report;
import dev.hearth.claim.Sha256;
import dev.hearth.wire.Beat;
import dev.hearth.wire.BeatReply;
import dev.hearth.wire.Message;
import dev.hearth.wire.MessageCodec;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to the ingest port, which speaks for the browsers that it proved to be. Event loop only. */
final class Speaker {
    /** Hellos under way at once. More: a stranger can keep the store busy. Fewer: many browsers on one line start slowly. */
    private static final int MOST_HELLOS = 32;

    /** Bytes of answers. More: who never reads takes more memory. Less: a line of thousands of browsers is cut off in a burst. */
    private static final int MOST_UNREAD = 1 << 20;

    /** About as long as one answer: a guess that only spares copying. */
    private static final int ANSWER = 192;

    private static final Logger LOG = LoggerFactory.getLogger(Speaker.class);

    private final NetSocket socket;
    private final Context loop;
    private final Desk desk;
    private final Lines lines = new Lines();
    private final Map<UUID, String> admitted = new HashMap<>();
    private Buffer answers = Buffer.buffer();
    private int hellos;

    Speaker(NetSocket socket, Context loop, Desk desk) {
        this.socket = socket;
        this.loop = loop;
        this.desk = desk;
    }

    /** Where admitted browsers' words go. */
    interface Desk {
        /** Empty: not this browser. The future completes on {@code home}. */
        Future<Optional<Fence>> admit(Hello hello, Context home);

        void admitted(UUID browser, Speaker by);

        /** @return whether its fence is the last one still, and no other will come */
        boolean beat(Report report);

        void gone(UUID browser, Speaker by);
    }

    void start() {
        socket.setWriteQueueMaxSize(MOST_UNREAD);
        socket.handler(this::read);
        socket.exceptionHandler(_ -> socket.close());
        socket.closeHandler(_ -> admitted.keySet().forEach(browser -> desk.gone(browser, this)));
    }

    boolean proved() {
        return !admitted.isEmpty();
    }

    void close() {
        socket.close();
    }

    /** From any thread. */
    void reply(List<Fence> fences) {
        var lines = Buffer.buffer(ANSWER * fences.size());
        for (var fence : fences) {
            lines.appendBytes(MessageCodec.encode(new Message.Reply(reply(fence.browser(), fence))));
        }
        loop.runOnContext(_ -> say(lines));
    }

    /** From any thread: Postgres knows this browser no longer. */
    void dismiss(UUID browser) {
        loop.runOnContext(_ -> {
            admitted.remove(browser);
            say(new Message.Refused(browser, "no such browser"));
        });
    }

    private void read(Buffer bytes) {
        try {
            if (!lines.accept(bytes.getBytes(), line -> handle(MessageCodec.decode(line, 0, line.length)))) {
                LOG.atWarn().log("ingest line too long: connection closed");
                close();
            }
            if (answers.length() > 0) {
                sayAndWait(answers);
                answers = Buffer.buffer();
            }
        } catch (IllegalArgumentException malformed) {
            LOG.atWarn().log("ingest line refused: {}", malformed.getMessage());
            close();
        }
    }

    private void handle(Message message) {
        switch (message) {
            case Message.Hello hello -> hello(hello);
            case Message.Beating(var beat) -> beat(beat);
            case Message.Welcome _, Message.Refused _, Message.Reply _ ->
                throw new IllegalArgumentException("only gateways say this");
        }
    }

    private void hello(Message.Hello hello) {
        hellos++;
        if (hellos >= MOST_HELLOS) {
            socket.pause();
        }
        desk.admit(new Hello(hello.browser(), hello.podUid(), Sha256.of(hello.token())), loop)
                .onSuccess(fence -> answer(hello, fence))
                // Not the agent's fault: it comes back by itself, here or to another gateway.
                .onFailure(_ -> close())
                .onComplete(_ -> {
                    hellos--;
                    socket.resume();
                });
    }

    private void answer(Message.Hello hello, Optional<Fence> fence) {
        if (fence.isEmpty()) {
            LOG.atWarn().addKeyValue(BROWSER, hello.browser()).log("browser refused: pod or token unknown");
            say(new Message.Refused(hello.browser(), "pod or token unknown"));
            socket.end();
            return;
        }
        admitted.put(hello.browser(), hello.podUid());
        desk.admitted(hello.browser(), this);
        say(new Message.Welcome(reply(hello.browser(), fence.get())));
    }

    private void beat(Beat beat) {
        var podUid = admitted.get(beat.browser());
        if (podUid == null || !podUid.equals(beat.podUid())) {
            throw new IllegalArgumentException("beat of a browser that has not said hello here");
        }
        // The text that is kept anyway: the newest report of each browser is kept too.
        if (desk.beat(Reports.of(beat, podUid))) {
            var same = new BeatReply(beat.browser(), beat.sequence(), beat.epoch(), null, -1, 0, 0, false);
            answers.appendBytes(MessageCodec.encode(new Message.Reply(same)));
        }
    }

    /** Who does not read its answers is not listened to meanwhile. */
    private void sayAndWait(Buffer lines) {
        socket.write(lines);
        if (socket.writeQueueFull()) {
            socket.pause();
            socket.drainHandler(_ -> socket.resume());
        }
    }

    private void say(Message message) {
        say(Buffer.buffer(MessageCodec.encode(message)));
    }

    private void say(Buffer lines) {
        // Who does not read what it asked for is not worth the memory.
        if (socket.writeQueueFull()) {
            close();
            return;
        }
        socket.write(lines);
    }

    private static BeatReply reply(UUID browser, Fence fence) {
        return new BeatReply(
                browser,
                fence.sequence(),
                fence.epoch(),
                fence.session().orElse(null),
                fence.remainingMillis(),
                fence.idleMillis(),
                fence.awaitedMillis(),
                fence.ended());
    }
}
