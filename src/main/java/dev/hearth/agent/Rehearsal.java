package dev.hearth.agent;

import dev.hearth.wire.BeatReply;
import dev.hearth.wire.Grant;
import dev.hearth.wire.GrantCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/**
 * Plays a client's arrival as soon as Chrome is ready: each agent serves its first client once, and in a cold JVM that
 * client would wait 15 ms and more for call sites to be linked. It comes through a door of its own on the loopback, open
 * for as long as it lasts to nobody but the bearer of a secret made here, and to a custody of its own: the real one never
 * hears of it. Chrome sees a client that asks for its targets and leaves. Each arrival gets the spare connection as the first
 * client will, and one is left for that client. Failure costs the first client's time alone.
 */
final class Rehearsal implements ChromeDial.Outcome, EventLoop.Handler {
    /** Longer: the door stays open for a Chrome that froze meanwhile. Shorter: a busy machine never gets through. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The first links most call sites, the next ones the rest. Ten were tried, and gained nothing beyond the noise. */
    static final int ROUNDS = 3;

    private static final UUID ANYONE = new UUID(0, 0);
    private static final byte[] QUESTION =
            "{\"id\":1,\"method\":\"Target.getTargets\"}".getBytes(StandardCharsets.US_ASCII);

    private final EventLoop loop;
    private final Buffers buffers;
    private final Chrome chrome;
    private final ServerSocketChannel door;
    private final String secret;
    private int round;
    private Runnable giveUp = () -> {};

    private Rehearsal(EventLoop loop, Buffers buffers, Chrome chrome) throws IOException {
        this.loop = loop;
        this.buffers = buffers;
        this.chrome = chrome;
        this.secret = random(32);
        this.door = AgentPort.open(
                loop,
                buffers,
                new Gatekeeper(this::check, custody(loop), chrome, null, loop, buffers),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                () -> 0);
    }

    static void begin(EventLoop loop, Buffers buffers, Chrome chrome) {
        try {
            var rehearsal = new Rehearsal(loop, buffers, chrome);
            loop.after(PATIENCE, rehearsal::end);
            rehearsal.next();
        } catch (IOException noPort) {
            Console.say("no rehearsal: " + noPort.getMessage());
        }
    }

    @Override
    public void answered(SelectionKey agent, HttpHead head, ByteBuffer rest) {
        giveUp = () -> Sockets.close(agent.channel());
        if (!head.status().equals("101")) {
            end();
            return;
        }
        agent.attach(this);
        say(agent, FrameTracker.TEXT, QUESTION);
    }

    @Override
    public void failed(String why) {
        end();
    }

    /** Chrome's answer: once it came, all has been played. */
    @Override
    public void ready(SelectionKey agent) {
        say(agent, FrameTracker.CLOSE, new byte[] {0x03, (byte) 0xE8});
        giveUp.run();
        next();
    }

    @Override
    public void broken(Exception cause) {
        end();
    }

    private void next() {
        if (chrome.where() instanceof ActivePort where) {
            chrome.spare().fill(where, this::arrive);
        } else {
            // It makes room for another one already.
            end();
        }
    }

    private void arrive() {
        if (round++ == ROUNDS || !door.isOpen()) {
            end();
            return;
        }
        var headers = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                + random(16) + "\r\n" + GrantCodec.HEADER + ": " + secret + "\r\n";
        var request = new ChromeDial.Request(door.socket().getLocalPort(), "GET", "/devtools/browser", headers);
        giveUp = ChromeDial.dial(loop, buffers, request, this);
    }

    private void end() {
        Sockets.close(door);
        giveUp.run();
    }

    private void say(SelectionKey agent, int opcode, byte[] payload) {
        try {
            ((SocketChannel) agent.channel()).write(ByteBuffer.wrap(ClientFrame.masked(opcode, payload, 0x5EED)));
        } catch (IOException gone) {
            end();
        }
    }

    private GrantCodec.Opened check(String header, Instant now) {
        return MessageDigest.isEqual(
                        header.getBytes(StandardCharsets.US_ASCII), secret.getBytes(StandardCharsets.US_ASCII))
                ? new GrantCodec.Opened.Valid(
                        new Grant(Grant.Kind.CLIENT, "", ANYONE, 1, UUID.randomUUID(), now, false))
                : new GrantCodec.Opened.Refused("not ours");
    }

    private static Custody custody(EventLoop loop) {
        var custody = new Custody(loop, false, new Unmoved(), _ -> {});
        custody.heed(new BeatReply(ANYONE, 0, 0, null, -1, 0, 0, false));
        return custody;
    }

    private static String random(int bytes) {
        var nonce = new byte[bytes];
        new SecureRandom().nextBytes(nonce);
        return Base64.getEncoder().encodeToString(nonce);
    }

    /** What happens to a rehearsed session moves nothing. */
    private static final class Unmoved implements Custody.Watcher {
        @Override
        public void changed() {}

        @Override
        public void ended() {}

        @Override
        public void endedForNow() {}

        @Override
        public void unfit() {}
    }
}
