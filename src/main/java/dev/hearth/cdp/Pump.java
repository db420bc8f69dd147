package dev.hearth.cdp;

import dev.hearth.cdp.ClientGuard.Verdict;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Joins a client to its browser's agent after the 101: bytes pass untouched both ways, each reader held back by the other
 * side's writer. It speaks itself only between two frames: pings, and the frame that ends the connection. All calls on
 * one event loop; the two sockets must share it.
 */
final class Pump {
    /** For a frame under way to end before ours. A slow reader that needs longer sees its socket close without a frame. */
    private static final long BOUNDARY_MILLIS = TimeUnit.SECONDS.toMillis(1);
    /** After the client's socket closed while its bytes still wait for a stuck agent. */
    private static final long STUCK_MILLIS = TimeUnit.SECONDS.toMillis(10);
    /** Pings in a row without any sign of life: 60 s at the default interval. */
    private static final int SILENT_PINGS = 2;

    private final Vertx vertx;
    private final Leg client;
    private final Leg agent;
    private final PumpEvents events;
    private final ClientGuard guard;
    private final FrameRelay toAgent;
    private final FrameRelay toClient;
    private boolean ending;
    private long endingSince;
    private boolean reset;
    private boolean clientIsDone;
    private boolean alive;
    private int silent;
    private byte @Nullable [] farewell;
    private long pinger;

    /** @param readOnly whether each of the client's commands is looked at before it passes */
    Pump(Vertx vertx, Leg client, Leg agent, PumpEvents events, boolean readOnly) {
        this.vertx = vertx;
        this.client = client;
        this.agent = agent;
        this.events = events;
        this.guard = readOnly ? ClientGuard.readOnly() : new ClientGuard();
        var rules = readOnly ? FrameScanner.Rules.FROM_VIEWER : FrameScanner.Rules.FROM_CLIENT;
        this.toAgent = new FrameRelay(new FrameScanner(rules), new FromClient());
        this.toClient = new FrameRelay(new FrameScanner(FrameScanner.Rules.FROM_BROWSER), new FromAgent());
    }

    void start(long pingMillis) {
        client.socket().exceptionHandler(_ -> reset = true);
        agent.socket().exceptionHandler(_ -> agent.close());
        client.socket().closeHandler(_ -> clientClosed());
        agent.socket().closeHandler(_ -> legClosed(agent));
        client.socket().endHandler(_ -> clientFinished());
        agent.socket().endHandler(_ -> end(CloseCode.BROWSER_GONE.frame()));
        client.socket().handler(bytes -> {
            alive = true;
            toAgent.accept(bytes.getByteBuf().nioBuffer());
            agent.holdBack(client, () -> {});
        });
        agent.socket().handler(bytes -> {
            toClient.accept(bytes.getByteBuf().nioBuffer());
            client.holdBack(agent, () -> alive = true);
        });
        pingAfter(pingMillis);
        agent.socket().resume();
        client.socket().resume();
    }

    /** Ends the connection from our side: the browser, if it lives on, waits for its client to come back. */
    void end(CloseCode code) {
        end(code.frame());
    }

    private void end(byte[] lastFrame) {
        if (!ending) {
            ending();
            sayGoodbye(lastFrame);
        }
    }

    /** Before the agent hears of it: as soon as it does, the browser may be another client's. */
    private void ending() {
        if (!ending) {
            ending = true;
            endingSince = System.nanoTime();
        }
    }

    /** Client sees {@code frame} as its last, as soon as no other is under way. */
    private void sayGoodbye(byte[] frame) {
        toAgent.stop();
        farewell = frame;
        if (toClient.betweenFrames() || agent.closed()) {
            deliver();
        } else {
            vertx.setTimer(BOUNDARY_MILLIS, _ -> deliver());
        }
    }

    private void deliver() {
        var last = farewell;
        if (last == null) {
            return;
        }
        farewell = null;
        var clean = toClient.betweenFrames();
        toClient.stop();
        if (clean && !client.closed()) {
            client.write(last);
            if (clientIsDone) {
                client.close();
            } else {
                client.finish();
            }
        } else {
            client.close();
        }
        agent.finish();
    }

    private void clientSaidGoodbye() {
        clientIsDone = true;
        events.clientLeft(true);
        sayGoodbye(CloseCode.NORMAL.frame());
    }

    /** FIN without a close frame: the client left all the same. A reset is a lost socket: the browser waits for it. */
    private void clientFinished() {
        if (ending) {
            client.close();
            return;
        }
        ending();
        var told = !reset && toAgent.betweenFrames();
        if (told) {
            agent.write(CloseCode.CLIENT_LEFT.masked());
            agent.finish();
        } else {
            agent.close();
        }
        toClient.stop();
        toAgent.stop();
        client.close();
        if (!reset) {
            events.clientLeft(told);
        }
    }

    private void clientClosed() {
        legClosed(client);
        vertx.setTimer(STUCK_MILLIS, _ -> {
            if (!agent.closed()) {
                agent.close();
            }
        });
    }

    private void legClosed(Leg leg) {
        if (leg.closed()) {
            return;
        }
        leg.markClosed();
        if (client.closed() && agent.closed()) {
            ending();
            vertx.cancelTimer(pinger);
            events.closed(new PumpEvents.Carried(agent.written(), client.written(), guard.commands(), endingSince));
        }
    }

    private void browserClose(BrowserCloseCommand command) {
        ending();
        toAgent.stop();
        var here = vertx.getOrCreateContext();
        events.browserClose()
                .onComplete(_ -> here.runOnContext(_ -> {
                    if (toAgent.betweenFrames() && !agent.closed()) {
                        agent.write(CloseCode.CLIENT_LEFT.masked());
                    }
                    var answer = Frames.text(command.answer());
                    var close = CloseCode.NORMAL.frame();
                    sayGoodbye(ByteBuffer.allocate(answer.length + close.length)
                            .put(answer)
                            .put(close)
                            .array());
                }));
    }

    /**
     * One after the other: a loop that stood still would run all that were due at once, and take a client for gone that
     * could answer none of them.
     */
    private void pingAfter(long millis) {
        pinger = vertx.setTimer(millis, _ -> {
            pingAfter(millis);
            ping();
        });
    }

    private void ping() {
        silent = alive ? 0 : silent + 1;
        alive = false;
        if (silent > SILENT_PINGS && !ending) {
            reset = true;
            clientFinished();
        } else if (!ending && toClient.betweenFrames()) {
            client.write(Frames.ping(ClientGuard.PING));
        }
    }

    private final class FromClient implements FrameRelay.Outlet {
        @Override
        public void pass(ByteBuffer bytes) {
            agent.write(bytes);
        }

        @Override
        public void streaming(int opcode) {
            guard.streaming(opcode);
        }

        @Override
        public boolean small(int opcode, byte[] payload) {
            return switch (guard.judge(opcode, payload, System.nanoTime() / 1_000_000)) {
                case Verdict.Pass _ -> true;
                case Verdict.Drop _ -> false;
                case Verdict.Instead(var text) -> {
                    agent.write(Frames.masked(FrameScanner.TEXT, text));
                    yield false;
                }
                case Verdict.Goodbye _ -> {
                    ending();
                    // Written here and not passed: it must be with the agent before what the goodbye sets off.
                    agent.write(Frames.masked(opcode, payload));
                    toAgent.stop();
                    clientSaidGoodbye();
                    yield false;
                }
                case Verdict.BrowserClose(var command) -> {
                    toAgent.stop();
                    browserClose(command);
                    yield false;
                }
                case Verdict.Broken(var violation) -> {
                    broken(violation);
                    yield false;
                }
            };
        }

        @Override
        public boolean interrupts() {
            return false;
        }

        @Override
        public void boundary() {
            // Nothing of ours ever waits in this direction: what we tell the agent, we tell it at the end.
        }

        @Override
        public void broken(FrameScanner.Violation violation) {
            end(Frames.close(violation.code(), violation.reason()));
        }
    }

    private final class FromAgent implements FrameRelay.Outlet {
        @Override
        public void pass(ByteBuffer bytes) {
            client.write(bytes);
        }

        @Override
        public void streaming(int opcode) {
            // Chrome's messages are nobody's commands.
        }

        @Override
        public boolean small(int opcode, byte[] payload) {
            if (opcode == FrameScanner.CLOSE) {
                end(Frames.unmasked(opcode, payload));
                return false;
            }
            return true;
        }

        @Override
        public boolean interrupts() {
            return farewell != null;
        }

        @Override
        public void boundary() {
            deliver();
        }

        @Override
        public void broken(FrameScanner.Violation violation) {
            end(CloseCode.BROWSER_GONE.frame());
        }
    }
}
