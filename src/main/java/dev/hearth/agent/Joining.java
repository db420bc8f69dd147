package dev.hearth.agent;

import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A client's way to Chrome: from its admission to a {@link Splice}, or to an answer that says why not. */
final class Joining implements ChromeDial.Outcome, Clients.Joined {
    private final EventLoop loop;
    private final Buffers buffers;
    private final Exchange exchange;
    private final Clients.Place place;
    private final @Nullable CloseReason onChromeEnd;
    private final boolean guarded;
    private Runnable giveUp = () -> {};
    private boolean prepared;
    private boolean over;

    private Joining(EventLoop loop, Buffers buffers, Who who) {
        this.loop = loop;
        this.buffers = buffers;
        this.exchange = who.exchange();
        this.place = who.place();
        this.onChromeEnd = who.onChromeEnd();
        this.guarded = who.guarded();
    }

    /** @param onChromeEnd what the client reads when Chrome ends the connection; null where that is no news */
    record Who(
            Exchange exchange,
            Clients.Place place,
            @Nullable CloseReason onChromeEnd,
            boolean guarded) {}

    /** What must have happened in Chrome before the client may speak. */
    interface Preparation {
        /** @return what gives the waiting up */
        Runnable begin(PageTuning.Done done);
    }

    /** @param spare a connection that Chrome has opened already; gives null where there is none, and then it is dialled */
    record Way(ChromeDial.Request request, String key, Supplier<@Nullable SelectionKey> spare) {}

    static void begin(EventLoop loop, Buffers buffers, Way way, Who who, Preparation preparation) {
        var joining = new Joining(loop, buffers, who);
        who.place().heldBy(joining);
        who.exchange().whenLost(joining::lost);
        var waiting = preparation.begin(refusal -> {
            if (!joining.over) {
                joining.prepared(way, refusal);
            }
        });
        if (!joining.prepared) {
            joining.giveUp = waiting;
        }
    }

    private void prepared(Way way, @Nullable String refusal) {
        prepared = true;
        giveUp.run();
        if (refusal != null) {
            // Chrome's words may quote what the client asked for: they are for the log.
            Console.say("settings refused: " + refusal);
            refuse(502, "Chrome refused the session's settings");
            return;
        }
        var open = way.spare().get();
        if (open == null) {
            giveUp = ChromeDial.dial(loop, buffers, way.request(), this);
        } else {
            joined(open, Spare.accept(way.key()), ByteBuffer.allocate(0));
        }
    }

    @Override
    public void answered(SelectionKey chrome, HttpHead head, ByteBuffer rest) {
        var accept = head.header("sec-websocket-accept");
        if (!head.status().equals("101") || accept == null) {
            Sockets.close(chrome.channel());
            // Chrome answers 500 for a target that it does not have, and the browser's own socket is always there.
            refuse(404, "Chrome has no such target");
            return;
        }
        joined(chrome, accept, rest);
    }

    private void joined(SelectionKey chrome, String accept, ByteBuffer rest) {
        var ends = new Splice.Ends(exchange.key(), chrome, onChromeEnd, guarded);
        var splice = Splice.between(loop, buffers, ends, place);
        place.heldBy(splice::cut);
        place.opened();
        var answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accept + "\r\n\r\n";
        splice.begin(answer.getBytes(StandardCharsets.US_ASCII), rest);
    }

    @Override
    public void failed(String why) {
        refuse(503, why);
    }

    @Override
    public void cut(CloseReason reason) {
        giveUp.run();
        refuse(409, "put out while connecting");
    }

    private void lost() {
        over = true;
        giveUp.run();
        place.failed();
    }

    private void refuse(int status, String why) {
        over = true;
        place.failed();
        exchange.refuse(status, why);
    }
}
