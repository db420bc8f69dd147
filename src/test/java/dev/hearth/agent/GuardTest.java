package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.hearth.local.FreePorts;
import dev.hearth.wire.EgressRules;
import dev.hearth.wire.EgressRules.Proxy;
import dev.hearth.wire.EgressRules.Route;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The guard's port on a loop of its own, a real site and a real proxy behind it; Chrome is a plain socket here. */
class GuardTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final SessionRecord session = new SessionRecord();
    private final Guard guard = new Guard(session, new AddressPolicy(List.of(AddressRange.of("127.0.0.1"))));
    private final AtomicInteger lookUps = new AtomicInteger();
    private final int port = FreePorts.loopback(1).getFirst();
    private EventLoop loop;
    private HttpServer site;
    private AnyProxy proxy;

    @BeforeEach
    void start() throws IOException {
        loop = new EventLoop();
        GuardPort.open(
                new GuardExchange.Means(loop, new Buffers(), guard, Names.of(loop, this::lookUp)),
                new InetSocketAddress(LOOPBACK, port));
        Thread.ofPlatform().daemon().start(() -> {
            try {
                loop.run();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        site = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 10);
        site.createContext("/", exchange -> {
            var body = exchange.getRequestBody().readAllBytes();
            var answer = (exchange.getRequestURI() + " "
                            + exchange.getRequestHeaders().getFirst("Host") + " " + body.length)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        site.start();
        proxy = new AnyProxy("ann:secret");
    }

    @AfterEach
    void stop() throws IOException {
        loop.stop();
        site.stop(0);
        proxy.close();
    }

    /** A name server that has changed its mind when it is asked again. */
    private List<InetAddress> lookUp(String host) {
        lookUps.incrementAndGet();
        return switch (host) {
            case "site.test" -> List.of(LOOPBACK);
            case "inside.test" -> List.of(InetAddress.ofLiteral("10.0.0.1"), InetAddress.ofLiteral("fd00::1"));
            case "both.test" -> List.of(InetAddress.ofLiteral("10.0.0.1"), LOOPBACK);
            case "rebinding.test" -> List.of(lookUps.get() == 1 ? LOOPBACK : InetAddress.ofLiteral("169.254.169.254"));
            default -> List.of();
        };
    }

    @Test
    void nothingPassesBeforeASessionsClientCame() {
        assertThat(get("site.test")).startsWith("HTTP/1.1 403").contains("\"rule\":\"no-session\"");
        onLoop(() -> session.adopt(1, UUID.randomUUID(), 0));
        assertThat(get("site.test")).startsWith("HTTP/1.1 403").contains("no-session");
        assertThat(lookUps).hasValue(0);
    }

    @Test
    void aPublicHostIsReachedAndItsBytesAreCounted() {
        open(EgressRules.NONE);
        assertThat(get("site.test")).startsWith("HTTP/1.1 200").endsWith("/ site.test:" + sitePort() + " 0");
        assertThat(tunnelled("site.test")).contains("HTTP/1.1 200 Connection established", "/in site.test 0");
        assertThat(session.proxyBytes()).isBetween(300L, 2000L);
    }

    @Test
    void whatIsNotPublicIsRefusedByWhateverName() {
        open(EgressRules.NONE);
        assertThat(get("10.0.0.1"))
                .startsWith("HTTP/1.1 403")
                .contains("\"host\":\"10.0.0.1\"", "\"rule\":\"private\"");
        assertThat(get("inside.test")).startsWith("HTTP/1.1 403").contains("\"rule\":\"private\"");
        assertThat(get("169.254.169.254")).contains("\"rule\":\"link-local\"");
        assertThat(get("[::ffff:a00:1]")).contains("\"rule\":\"private\"");
        assertThat(get("[::1]")).contains("\"rule\":\"loopback\"");
        assertThat(get("localhost")).contains("\"rule\":\"loopback\"");
        assertThat(get("2130706434")).as("127.0.0.2 in one number").startsWith("HTTP/1.1 403");
        assertThat(get("nosuch.test")).startsWith("HTTP/1.1 502").contains("no address is known");
        assertThat(session.proxyBytes()).isZero();
    }

    @Test
    void ofSeveralAddressesOnlyOpenOnesAreTried() {
        open(EgressRules.NONE);
        assertThat(get("both.test")).startsWith("HTTP/1.1 200");
    }

    @Test
    void aNameIsLookedUpOnce() {
        open(EgressRules.NONE);
        assertThat(get("rebinding.test")).startsWith("HTTP/1.1 200");
        assertThat(lookUps).hasValue(1);
        assertThat(get("rebinding.test")).startsWith("HTTP/1.1 403").contains("link-local");
    }

    @Test
    void otherDomainsAreRefusedBeforeAnybodyIsAsked() {
        open(new EgressRules(List.of("site.test"), List.of()));
        assertThat(get("site.test")).startsWith("HTTP/1.1 200");
        assertThat(get("both.test"))
                .startsWith("HTTP/1.1 403")
                .contains("application/problem+json", "\"rule\":\"allowed-domains\"", "\"host\":\"both.test\"");
        assertThat(lookUps).hasValue(1);
    }

    @Test
    void rulesAreForASessionsLifeAndEndWithIt() {
        open(new EgressRules(List.of("site.test"), List.of()));
        open(EgressRules.NONE);
        assertThat(get("both.test")).startsWith("HTTP/1.1 403").contains("allowed-domains");
        onLoop(() -> session.adopt(2, UUID.randomUUID(), 0));
        assertThat(get("site.test")).startsWith("HTTP/1.1 403").contains("no-session");
    }

    @Test
    void aTunnelEndsWithItsSession() throws IOException {
        open(EgressRules.NONE);
        try (var socket = new Socket(LOOPBACK, port)) {
            send(socket, "CONNECT site.test:" + sitePort() + " HTTP/1.1\r\n\r\n");
            assertThat(socket.getInputStream().readNBytes(39))
                    .asString(StandardCharsets.US_ASCII)
                    .contains(" 200 ");
            onLoop(session::end);
            send(socket, "GET / HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n\r\n");
            assertThat(rest(socket)).isEmpty();
        }
    }

    @Test
    void anExternalProxyIsReachedWithItsPassword() {
        open(through(new Proxy("site.test", proxy.port(), "ann", "secret")));
        assertThat(get("far.test")).startsWith("HTTP/1.1 200");
        assertThat(proxy.heads()).last().asString().startsWith("GET http://far.test:" + sitePort() + "/ HTTP/1.1");
        assertThat(tunnelled("far.test")).contains("/in far.test 0");
        assertThat(proxy.heads()).last().asString().startsWith("CONNECT far.test:" + sitePort() + " HTTP/1.1");
        assertThat(proxy.heads())
                .allSatisfy(head -> assertThat(head).contains("Proxy-Authorization: Basic YW5uOnNlY3JldA=="));
        assertThat(lookUps).as("of the proxy's own name").hasValue(2);
    }

    @Test
    void aProxyThatRefusesIsToldFromAHostThatIsNotThere() {
        open(through(new Proxy("site.test", proxy.port(), "ann", "wrong")));
        assertThat(tunnelled("far.test"))
                .startsWith("HTTP/1.1 502")
                .contains("the external proxy refused with status 407")
                .doesNotContain("wrong");
    }

    @Test
    void aProxyInsideIsRefusedAndSoIsAnInsideHostThroughOneOutside() {
        open(through(new Proxy("inside.test", 3128, null, null)));
        assertThat(get("far.test")).startsWith("HTTP/1.1 403").contains("\"rule\":\"private\"");
        onLoop(() -> session.adopt(2, UUID.randomUUID(), 0));
        open(through(new Proxy("site.test", proxy.port(), "ann", "secret")));
        assertThat(get("10.0.0.1")).startsWith("HTTP/1.1 403").contains("\"rule\":\"private\"");
        assertThat(get("localhost")).contains("\"rule\":\"loopback\"");
        assertThat(proxy.heads()).isEmpty();
    }

    /** Else the second host would be judged by the first one's name. */
    @Test
    void oneConnectionCarriesOnePlainRequest() throws IOException {
        open(EgressRules.NONE);
        assertThat(ask(request("site.test", "POST", "content-length: 3\r\n", "abc")))
                .endsWith(" 3");
        try (var sink = new ServerSocket(0, 1, LOOPBACK);
                var socket = new Socket(LOOPBACK, port)) {
            var head = "POST http://site.test:" + sink.getLocalPort() + "/ HTTP/1.1\r\ncontent-length: 3\r\n\r\n";
            send(socket, head + "abc");
            try (var there = sink.accept()) {
                assertThat(there.getInputStream().readNBytes(30)).asString().startsWith("POST / HTTP/1.1");
                send(socket, "GET http://both.test/ HTTP/1.1\r\n\r\n");
                socket.shutdownOutput();
                assertThat(rest(there)).endsWith("abc");
            }
        }
    }

    private static EgressRules through(Proxy proxy) {
        return new EgressRules(null, List.of(new Route(null, proxy)));
    }

    private void open(EgressRules rules) {
        onLoop(() -> {
            if (!session.inSession()) {
                session.adopt(1, UUID.randomUUID(), 0);
            }
            guard.open(rules);
        });
    }

    private void onLoop(Runnable task) {
        var done = new CompletableFuture<Void>();
        loop.execute(() -> {
            task.run();
            done.complete(null);
        });
        done.join();
    }

    private int sitePort() {
        return site.getAddress().getPort();
    }

    private String get(String host) {
        return ask(request(host, "GET", "", ""));
    }

    private String request(String host, String method, String headers, String body) {
        return method + " http://" + host + ":" + sitePort() + "/ HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + body;
    }

    private String tunnelled(String host) {
        return ask("CONNECT " + host + ":" + sitePort() + " HTTP/1.1\r\n\r\n" + "GET /in HTTP/1.1\r\nHost: " + host
                + "\r\nConnection: close\r\n\r\n");
    }

    private String ask(String request) {
        try (var socket = new Socket(LOOPBACK, port)) {
            send(socket, request);
            return rest(socket);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String rest(Socket socket) {
        try {
            socket.setSoTimeout(10_000);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException reset) {
            return "";
        }
    }
}
