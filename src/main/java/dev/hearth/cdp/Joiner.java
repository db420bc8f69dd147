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
import dev.hearth.wire.Grant;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.UUID;

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

    /** @param created by this very request: if the client cannot be joined, nobody else will ever use it */
    record Door(Session session, Grant.Kind kind, String path, boolean created, OnClose onClose) {
        boolean viewer() {
            return kind == Grant.Kind.VIEWER;
        }

        /** Whether this client holds the session alone, so that others want to know since when. */
        boolean holds() {
            return !viewer() && session.terms().connections() == dev.hearth.claim.Connections.EXCLUSIVE;
        }
    }

    void join(Asked asked, Door door) {
        var context = asked.context();
        var loop = asked.loop();
        var connection = UUID.randomUUID();
        var key = asked.header("Sec-WebSocket-Key");
        outside.offLoop()
                .call(loop, () -> outside.agents().grant(door.session(), door.kind(), connection))
                .compose(grant ->
                        dialer.dial(new Call(door.session(), door.kind(), connection, grant, door.path(), key)))
                .onSuccess(dialed -> {
                    switch (dialed) {
                        case Dialed.Joined joined -> {
                            var entered = new Joined(connection, joined);
                            recorded(loop, door, connection).onComplete(_ -> upgrade(context, loop, door, entered));
                        }
                        case Dialed.Refused(var refusal) -> {
                            outside.metrics().connected(refusal.problem().slug());
                            release(door, loop);
                            RawAnswers.refuse(context, refusal);
                        }
                    }
                })
                .onFailure(context::fail);
    }

    private record Joined(UUID connection, Dialed.Joined agent) {}

    /** Before the 101, so that who is in can be seen to be in. A client is not turned away for a record that fails. */
    private Future<Void> recorded(Context loop, Door door, UUID connection) {
        return door.holds()
                ? log(loop, () -> outside.log().began(door.session().id(), connection))
                : Future.succeededFuture();
    }

    private void recordEnd(Context loop, Door door, UUID connection) {
        if (door.holds()) {
            log(loop, () -> outside.log().ended(door.session().id(), connection));
        }
    }

    private Future<Void> log(Context loop, Runnable record) {
        return outside.offLoop().<Void>call(loop, () -> {
            record.run();
            return null;
        });
    }

    private void upgrade(RoutingContext context, Context loop, Door door, Joined joined) {
        var agent = joined.agent().socket();
        if (context.response().closed()) {
            leave(agent);
            recordEnd(loop, door, joined.connection());
            release(door, loop);
            return;
        }
        var open = new Connections.Open(door.session().id(), loop);
        connections.add(open);
        context.response()
                .setStatusCode(101)
                .putHeader("Upgrade", "websocket")
                .putHeader("Connection", "Upgrade")
                .putHeader("Sec-WebSocket-Accept", joined.agent().accept());
        context.request()
                .toNetSocket()
                .onSuccess(client -> pump(new Ends(client, agent), open, loop, new Entered(door, joined.connection())))
                .onFailure(_ -> {
                    connections.remove(open);
                    leave(agent);
                    recordEnd(loop, door, joined.connection());
                    release(door, loop);
                });
    }

    private record Ends(NetSocket client, NetSocket agent) {}

    private record Entered(Door door, UUID connection) {}

    private void pump(Ends ends, Connections.Open open, Context loop, Entered entered) {
        ends.client().pause();
        var door = entered.door();
        var events = new SessionPumpEvents(
                new SessionPumpEvents.Target(door.session(), entered.connection(), door.viewer(), door.onClose()),
                loop,
                outside.offLoop(),
                outside.ends(),
                outside.agents(),
                carried -> {
                    connections.remove(open);
                    recordEnd(loop, door, entered.connection());
                    outside.metrics().carried(carried.bytesToBrowser(), carried.bytesToClient(), carried.commands());
                });
        var pump = new Pump(vertx, new Leg(vertx, ends.client()), new Leg(vertx, ends.agent()), events);
        outside.metrics().connected("joined");
        pump.start(ping.toMillis());
        open.joined(pump);
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
