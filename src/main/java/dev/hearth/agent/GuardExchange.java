package dev.hearth.agent;

import dev.hearth.wire.EgressRules;
import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;

/**
 * One connection of Chrome's to its proxy: one request, judged by its host's name, then by the addresses that the name leads
 * to, then joined to one of these very addresses. Nothing is looked up twice, so a name cannot change its mind in between.
 */
final class GuardExchange implements EventLoop.Handler {
    /** For the head, and again for the way out. Longer: a dead host holds one of Chrome's places. Shorter: a slow one is lost. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Means means;
    private final SocketChannel socket;
    private final SelectionKey key;
    private final Runnable whenOver;
    private final HeadParser parser = new HeadParser();
    private EventLoop.Timer patience;
    private Runnable giveUp = () -> {};
    private boolean over;

    /** What all exchanges share. */
    record Means(EventLoop loop, Buffers buffers, Guard guard, Names names) {}

    private GuardExchange(Means means, SocketChannel socket, Runnable whenOver) throws IOException {
        this.means = means;
        this.socket = socket;
        this.whenOver = whenOver;
        this.key = means.loop().register(socket, SelectionKey.OP_READ, this);
        this.patience = means.loop().after(PATIENCE, this::lose);
    }

    /** @param whenOver told once, when the connection has ended */
    static void begin(Means means, SocketChannel socket, Runnable whenOver) throws IOException {
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        var _ = new GuardExchange(means, socket, whenOver);
    }

    @Override
    public void ready(SelectionKey ready) throws IOException {
        // No more than a head: what follows it has to fit into one buffer with the rewritten head.
        var chunk = means.buffers().transfer().limit(HeadParser.LONGEST);
        if (socket.read(chunk) < 0) {
            lose();
            return;
        }
        switch (parser.feed(chunk.flip())) {
            case HeadParser.Progress.Incomplete _ -> {}
            case HeadParser.Progress.Malformed malformed ->
                answer(GuardAnswer.malformed(malformed.status(), malformed.why()));
            case HeadParser.Progress.Complete(var head) -> {
                // What Chrome sends from now on waits in its socket until there is a way out.
                key.interestOps(0);
                patience.cancel();
                patience = means.loop().after(PATIENCE, () -> fail("", "no answer in " + PATIENCE.toSeconds() + " s"));
                var early = new byte[chunk.remaining()];
                chunk.get(early);
                judge(ProxyRequest.of(head), early);
            }
        }
    }

    @Override
    public void broken(Exception cause) {
        lose();
    }

    private void judge(ProxyRequest request, byte[] early) {
        switch (request) {
            case ProxyRequest.Malformed(var status, var why) -> answer(GuardAnswer.malformed(status, why));
            case ProxyRequest.Tunnel(var target) ->
                judge(new Asked(request, target, early, means.guard().epoch()));
            case ProxyRequest.Plain plain ->
                judge(new Asked(request, plain.target(), early, means.guard().epoch()));
        }
    }

    /** @param epoch of the session that asks */
    private record Asked(ProxyRequest request, ProxyRequest.Target target, byte[] early, long epoch) {
        String host() {
            return target.host();
        }
    }

    private void judge(Asked asked) {
        switch (EgressPolicy.way(means.guard().rules(), asked.host())) {
            case EgressPolicy.Way.Refused(var rule, var why) -> answer(GuardAnswer.refused(asked.host(), rule, why));
            case EgressPolicy.Way.Direct _ -> directly(asked);
            case EgressPolicy.Way.Through(var proxy) -> through(asked, proxy);
        }
    }

    private void directly(Asked asked) {
        checked(asked.host(), asked.host(), open -> {
            var way = new Outbound.Way(open, asked.target().port(), null);
            dial(asked, way, asked.request() instanceof ProxyRequest.Plain plain ? plain.head(false, "") : "");
        });
    }

    /** The proxy looks the host up, where it is; an address that is spelled out would be ours to keep closed all the same. */
    private void through(Asked asked, EgressRules.Proxy proxy) {
        var literal = asked.target().literal();
        var rule = literal == null
                ? localName(asked.host())
                : means.guard().addresses().rule(literal).orElse("");
        if (!rule.isEmpty()) {
            answer(GuardAnswer.refused(asked.host(), rule, "the address is not public"));
            return;
        }
        checked(asked.host(), proxy.host(), open -> {
            if (asked.request() instanceof ProxyRequest.Plain plain) {
                var head = plain.head(true, ProxyGreeting.authorization(proxy));
                dial(asked, new Outbound.Way(open, proxy.port(), null), head);
            } else {
                dial(asked, new Outbound.Way(open, proxy.port(), ProxyGreeting.connect(asked.target(), proxy)), "");
            }
        });
    }

    private interface Then {
        void among(List<InetAddress> open);
    }

    /** Goes on with those addresses of {@code name} that may be reached. @param host as Chrome asked, for the answer */
    private void checked(String host, String name, Then then) {
        var literal = new ProxyRequest.Target(name, 1).literal();
        if (literal != null) {
            among(host, List.of(literal), then);
        } else if (!localName(name).isEmpty()) {
            answer(GuardAnswer.refused(host, localName(name), "the name is this machine's own"));
        } else {
            means.names().resolve(name, found -> {
                if (!over) {
                    among(host, found, then);
                }
            });
        }
    }

    private void among(String host, List<InetAddress> found, Then then) {
        if (found.isEmpty()) {
            answer(GuardAnswer.failed(host, "no address is known for it"));
            return;
        }
        var addresses = means.guard().addresses();
        var open = found.stream()
                .filter(address -> addresses.rule(address).isEmpty())
                .toList();
        if (open.isEmpty()) {
            var rule = addresses.rule(found.getFirst()).orElseThrow();
            answer(GuardAnswer.refused(host, rule, "the address is not public"));
        } else {
            then.among(open);
        }
    }

    /** Resolvers differ in what they make of these; a page that names them means this machine. */
    private static String localName(String host) {
        var name = EgressPolicy.normal(host);
        return name.equals("localhost") || name.endsWith(".localhost") ? "loopback" : "";
    }

    private void dial(Asked asked, Outbound.Way way, String head) {
        giveUp = Outbound.dial(means.loop(), means.buffers(), way, new Outbound.Outcome() {
            @Override
            public void connected(SelectionKey server, ByteBuffer rest) {
                join(asked, server, head, rest);
            }

            @Override
            public void failed(String why) {
                fail(asked.host(), why);
            }
        });
    }

    private void join(Asked asked, SelectionKey server, String head, ByteBuffer rest) {
        if (asked.epoch() != means.guard().epoch()) {
            Sockets.close(server.channel());
            lose();
            return;
        }
        over = true;
        patience.cancel();
        var body = asked.request() instanceof ProxyRequest.Plain plain ? plain.body() : -1;
        var tunnel = new Tunnel(means, new Tunnel.Ends(key, server), new Tunnel.Terms(asked.epoch(), body), whenOver);
        tunnel.begin(body < 0 ? GuardAnswer.ESTABLISHED : "", rest, head, asked.early());
    }

    private void fail(String host, String why) {
        answer(GuardAnswer.failed(host, why));
    }

    private void answer(byte[] answer) {
        if (end()) {
            LastWords.say(means.loop(), key, answer);
        }
    }

    private void lose() {
        if (end()) {
            Sockets.close(socket);
        }
    }

    private boolean end() {
        if (over) {
            return false;
        }
        over = true;
        patience.cancel();
        giveUp.run();
        whenOver.run();
        return true;
    }
}
