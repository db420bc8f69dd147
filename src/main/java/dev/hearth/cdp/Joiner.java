package dev.hearth.cdp;

import dev.hearth.cdp.AgentDialer.Call;
import dev.hearth.cdp.AgentDialer.Dialed;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.gateway.AgentCalls;
import dev.hearth.gateway.GatewayMetrics;
import dev.hearth.gateway.OffLoop;
import dev.hearth.gateway.RawAnswers;
import dev.hearth.gateway.SessionEnds;
import dev.hearth.gateway.ViewTokens.View;
import dev.hearth.wire.Grant;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
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
    record Outside(OffLoop offLoop, SessionEnds ends, AgentCalls agents, GatewayMetrics metrics) {}

    /**
     * @param created by this very request: if the client cannot be joined, nobody else will ever use it
     * @param settings of the session's pages; null: as Chrome has them
     * @param view what a viewer's URL allows; null: as much as a client may
     */
    record Door(
            Session session,
            Grant.Kind kind,
            String path,
            boolean created,
            @Nullable String settings,
            @Nullable View view) {
        static Door ofViewer(Session session, String path, View view) {
            return new Door(session, Grant.Kind.VIEWER, path, false, null, view);
        }

        boolean readOnly() {
            return view != null && view.readOnly();
        }
    }

    void join(Asked asked, Door door) {
        var context = asked.context();
        var loop = asked.loop();
        var connection = UUID.randomUUID();
        var key = asked.header("Sec-WebSocket-Key");
        outside.offLoop()
                .call(loop, () -> outside.agents().grant(door.session(), door.kind(), connection))
                .compose(grant -> dialer.dial(
                        new Call(door.session(), door.kind(), connection, grant, door.path(), key, door.settings())))
                .onSuccess(dialed -> {
                    switch (dialed) {
                        case Dialed.Joined joined -> upgrade(context, loop, door, new Joined(connection, joined));
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

    private void upgrade(RoutingContext context, Context loop, Door door, Joined joined) {
        var agent = joined.agent().socket();
        if (context.response().closed()) {
            leave(agent);
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
                    release(door, loop);
                });
    }

    private record Ends(NetSocket client, NetSocket agent) {}

    private record Entered(Door door, UUID connection) {}

    private void pump(Ends ends, Connections.Open open, Context loop, Entered entered) {
        ends.client().pause();
        var session = entered.door().session();
        var door = entered.door();
        var viewer = door.kind() == Grant.Kind.VIEWER;
        var expiry = new Expiry(vertx);
        var events = new SessionPumpEvents(
                new SessionPumpEvents.Target(session, entered.connection(), viewer),
                loop,
                outside.offLoop(),
                outside.ends(),
                outside.agents(),
                carried -> {
                    connections.remove(open);
                    expiry.cancel();
                    outside.metrics().carried(carried.bytesToBrowser(), carried.bytesToClient(), carried.commands());
                });
        var pump =
                new Pump(vertx, new Leg(vertx, ends.client()), new Leg(vertx, ends.agent()), events, door.readOnly());
        outside.metrics().connected("joined");
        pump.start(ping.toMillis());
        open.joined(pump);
        if (door.view() != null) {
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
