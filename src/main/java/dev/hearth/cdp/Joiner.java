package dev.hearth.cdp;

import dev.hearth.cdp.AgentDialer.Call;
import dev.hearth.cdp.AgentDialer.Dialed;
import dev.hearth.claim.ConnectionLog;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.gateway.AgentCalls;
import dev.hearth.gateway.GatewayMetrics;
import dev.hearth.gateway.OffLoop;
import dev.hearth.gateway.RawAnswers;
import dev.hearth.gateway.SessionEnds;
import dev.hearth.gateway.ViewTokens.Bound;
import dev.hearth.gateway.ViewTokens.View;
import dev.hearth.wire.Grant;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Joins an admitted client to its browser: dial, 101, pump. Runs on the request's event loop. */
final class Joiner {
    private final Vertx vertx;
    private final AgentDialer dialer;
    private final Connections connections;
    private final Outside outside;
    private final Duration ping;

    Joiner(Vertx vertx, Connections connections, Outside outside, Duration ping) {
        this.vertx = vertx;
        this.dialer = new AgentDialer(vertx);
        this.connections = connections;
        this.outside = outside;
        this.ping = ping;
    }

    /** What joining needs of the rest of the gateway. */
    record Outside(OffLoop offLoop, SessionEnds ends, AgentCalls agents, GatewayMetrics metrics, ConnectionLog log) {}

    /** What a client's {@code Browser.close} means. */
    enum OnClose {
        /** It ends a plain session and detaches from one that is kept alive. */
        AS_THE_SESSION_SAYS,
        ENDS_SESSION
    }

    /**
     * @param created by this very request: if the client cannot be joined, nobody else will ever use it
     * @param settings of the session's pages; null: as Chrome has them
     * @param view what a viewer's URL allows; null: as much as a client may
     */
    record Door(
            Session session,
            Pass.Sealed pass,
            String path,
            boolean created,
            OnClose onClose,
            @Nullable String settings,
            @Nullable View view) {
        static Door ofClient(
                Session session, Pass.Sealed pass, String path, boolean created, @Nullable String settings) {
            return new Door(session, pass, path, created, OnClose.AS_THE_SESSION_SAYS, settings, null);
        }

        static Door ofViewer(Session session, Pass.Sealed pass, String path, View view) {
            return new Door(session, pass, path, false, OnClose.AS_THE_SESSION_SAYS, null, view);
        }

        /** Settings may hold a proxy's password. */
        @Override
        public String toString() {
            return "Door[" + session.id() + " " + path + "]";
        }

        UUID connection() {
            return pass.connection();
        }

        boolean viewer() {
            return pass.kind() == Grant.Kind.VIEWER;
        }

        boolean readOnly() {
            return view != null && view.readOnly();
        }

        /** Whether this client holds the session alone, so that others want to know since when. */
        boolean holds() {
            return !viewer() && session.terms().connections() == dev.hearth.claim.Connections.EXCLUSIVE;
        }
    }

    /** For a client whose grant is still to be sealed. */
    void join(Asked asked, Session session, Grant.Kind kind, Function<Pass.Sealed, Door> door) {
        var pass = new Pass(outside.agents(), kind);
        outside.offLoop()
                .call(asked.loop(), () -> pass.seal(session))
                .onSuccess(grant -> join(asked, door.apply(grant)))
                .onFailure(asked.context()::fail);
    }

    void join(Asked asked, Door door) {
        var context = asked.context();
        var loop = asked.loop();
        var key = asked.header("Sec-WebSocket-Key");
        dialer.dial(new Call(door.session(), door.pass().grant(), door.path(), key, door.settings()))
                .onSuccess(dialed -> {
                    switch (dialed) {
                        case Dialed.Joined joined ->
                            recorded(loop, door).onSuccess(stay -> upgrade(context, stay, joined));
                        case Dialed.Refused(var refusal) -> {
                            outside.metrics().connected(refusal.problem().slug());
                            release(door, loop);
                            RawAnswers.refuse(context, refusal);
                        }
                    }
                })
                .onFailure(context::fail);
    }

    /** A client's time with its browser. @param since by {@link System#nanoTime()}, from after its beginning was recorded */
    private record Stay(Door door, Context loop, long since) {}

    /** Before the 101, so that who is in can be seen to be in. A client is not turned away for a record that fails. */
    private Future<Stay> recorded(Context loop, Door door) {
        var begun = door.holds()
                ? log(loop, () -> outside.log().began(door.session().id(), door.connection()))
                : Future.<Void>succeededFuture();
        return begun.otherwiseEmpty().map(_ -> new Stay(door, loop, System.nanoTime()));
    }

    /** @param until by {@link System#nanoTime()}, from before the agent could let anyone else in */
    private void recordEnd(Stay stay, long until) {
        var door = stay.door();
        if (door.holds()) {
            var held = Duration.ofNanos(Math.max(0, until - stay.since()));
            log(stay.loop(), () -> outside.log().ended(door.session().id(), door.connection(), held));
        }
    }

    private Future<Void> log(Context loop, Runnable record) {
        return outside.offLoop().<Void>call(loop, () -> {
            record.run();
            return null;
        });
    }

    private void upgrade(RoutingContext context, Stay stay, Dialed.Joined joined) {
        if (context.response().closed()) {
            notJoined(stay, joined.socket());
            return;
        }
        var open = new Connections.Open(stay.door().session().id(), stay.loop());
        connections.add(open);
        context.response()
                .setStatusCode(101)
                .putHeader("Upgrade", "websocket")
                .putHeader("Connection", "Upgrade")
                .putHeader("Sec-WebSocket-Accept", joined.accept());
        context.request()
                .toNetSocket()
                .onSuccess(client -> pump(new Ends(client, joined.socket()), open, stay))
                .onFailure(_ -> {
                    connections.remove(open);
                    notJoined(stay, joined.socket());
                });
    }

    private void notJoined(Stay stay, NetSocket agent) {
        recordEnd(stay, System.nanoTime());
        leave(agent);
        release(stay.door(), stay.loop());
    }

    private record Ends(NetSocket client, NetSocket agent) {}

    private void pump(Ends ends, Connections.Open open, Stay stay) {
        var door = stay.door();
        ends.client().pause();
        var expiry = new Expiry(vertx);
        var events = new SessionPumpEvents(
                new SessionPumpEvents.Target(door.session(), door.connection(), door.viewer(), door.onClose()),
                stay.loop(),
                outside.offLoop(),
                outside.ends(),
                outside.agents(),
                carried -> {
                    connections.remove(open);
                    recordEnd(stay, carried.endingSince());
                    expiry.cancel();
                    outside.metrics().carried(carried.bytesToBrowser(), carried.bytesToClient(), carried.commands());
                });
        var pump =
                new Pump(vertx, new Leg(vertx, ends.client()), new Leg(vertx, ends.agent()), events, door.readOnly());
        outside.metrics().connected("joined");
        pump.start(ping.toMillis());
        open.joined(pump);
        if (door.view() != null && door.view().bound() == Bound.WHOLE) {
            expiry.at(door.view().until(), () -> pump.end(CloseCode.VIEW_EXPIRED));
        }
    }

    /** When a view's time is up. Event loop only. */
    private static final class Expiry {
        private final Vertx vertx;
        private long timer = -1;

        private Expiry(Vertx vertx) {
            this.vertx = vertx;
        }

        private void at(Instant end, Runnable task) {
            var left = Math.max(1, Duration.between(Instant.now(), end).toMillis());
            timer = vertx.setTimer(left, _ -> task.run());
        }

        private void cancel() {
            vertx.cancelTimer(timer);
        }
    }

    /** The client went while we dialled: the agent hears a goodbye, so that it does not wait for him. */
    private static void leave(NetSocket agent) {
        agent.write(io.vertx.core.buffer.Buffer.buffer(CloseCode.CLIENT_LEFT.masked()));
        agent.end();
    }

    /** Nothing half-created stays. */
    private void release(Door door, Context loop) {
        if (door.created()) {
            outside.offLoop().call(loop, () -> outside.ends().end(door.session().id(), null, EndReason.RELEASED));
        }
    }
}
