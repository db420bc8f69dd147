package dev.hearth.gateway;

import dev.hearth.claim.Session;
import dev.hearth.wire.Grant;
import dev.hearth.wire.GrantCodec;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.regex.Pattern;

/** Short requests to browsers' agents, each with a grant of its own. */
public final class AgentCalls {
    /** Of an IPv6 address. */
    private static final Pattern BRACKETS = Pattern.compile("^\\[|]$");

    /** A grant outlives the slowest dial; a stolen one is of no use soon after. */
    private static final Duration GRANT = Duration.ofSeconds(60);
    /** An agent answers in microseconds: what takes longer is gone, and the heartbeat's reply will tell it. */
    private static final long TIMEOUT_MILLIS = 2_000;
    /** Where the agent asks Chrome: it gives it 15 s in all, and says itself what was wrong. */
    private static final long CHROME_TIMEOUT_MILLIS = 16_000;
    /** Four times the largest file of Chrome's DevTools. More: a hijacked browser fills this gateway's memory. */
    private static final long LONGEST_DOCUMENT = 16 << 20;

    private final Vertx vertx;
    private final HttpClient client;
    private final GatewayKeys keys;
    private final InstantSource clock;

    public AgentCalls(Vertx vertx, GatewayKeys keys, InstantSource clock) {
        this.vertx = vertx;
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setConnectTimeout((int) TIMEOUT_MILLIS)
                // Sessions end once: a kept connection to their agent would only wait for a reset.
                .setKeepAlive(false)
                .setMaxPoolSize(1_000));
        this.keys = keys;
        this.clock = clock;
    }

    /** Best effort: an agent that misses it is told by the reply to its next beat. */
    public Future<Void> end(Session session) {
        return call(session, HttpMethod.POST, "/end", grant(session, Grant.Kind.END, UUID.randomUUID()), TIMEOUT_MILLIS)
                .compose(HttpClientResponse::end);
    }

    public Future<Void> leave(Session session, UUID connection) {
        return call(session, HttpMethod.POST, "/leave", grant(session, Grant.Kind.LEAVE, connection), TIMEOUT_MILLIS)
                .compose(HttpClientResponse::end);
    }

    /** The body of a 200; fails on everything else. */
    public Future<Buffer> get(Session session, String path) {
        return document(session, HttpMethod.GET, path, Grant.Kind.VIEWER);
    }

    /** As {@link #get}, of what changes the browser; Chrome's answer is words. */
    public Future<Buffer> change(Session session, HttpMethod method, String path) {
        return document(session, method, path, Grant.Kind.CLIENT);
    }

    /** The agent had another answer than a body. */
    public static final class Unanswered extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int status;

        private Unanswered(int status) {
            super("agent answered " + status, null, false, false);
            this.status = status;
        }

        /** Chrome was asked, and refused. */
        public boolean byChrome() {
            return status == 502;
        }
    }

    /**
     * Read on the loop where it arrives: the caller's own thread may come to ask for a body that has been and gone, and
     * would find an empty one. Signed here, which is no work for a loop.
     */
    private Future<Buffer> document(Session session, HttpMethod method, String path, Grant.Kind kind) {
        var grant = grant(session, kind, UUID.randomUUID());
        var body = Promise.<Buffer>promise();
        vertx.getOrCreateContext()
                .runOnContext(_ -> call(session, method, path, grant, CHROME_TIMEOUT_MILLIS)
                        .compose(AgentCalls::body)
                        .onComplete(body));
        return body.future();
    }

    private static Future<Buffer> body(HttpClientResponse response) {
        return response.statusCode() == 200 && length(response) <= LONGEST_DOCUMENT
                ? response.body()
                : Future.failedFuture(new Unanswered(response.statusCode()));
    }

    private static long length(HttpClientResponse response) {
        var length = response.getHeader("Content-Length");
        return length == null ? Long.MAX_VALUE : Long.parseLong(length);
    }

    public String grant(Session session, Grant.Kind kind, UUID connection) {
        var exclusive = session.terms().connections() == dev.hearth.claim.Connections.EXCLUSIVE;
        return keys.seal(new Grant(
                kind,
                session.podUid(),
                session.id(),
                session.epoch(),
                connection,
                clock.instant().plus(GRANT),
                exclusive));
    }

    private Future<HttpClientResponse> call(
            Session session, HttpMethod method, String path, String grant, long millis) {
        var options = new RequestOptions()
                .setServer(address(session))
                .setMethod(method)
                .setURI(path)
                .setConnectTimeout(TIMEOUT_MILLIS)
                .setIdleTimeout(millis)
                .putHeader(GrantCodec.HEADER, grant);
        return client.request(options).compose(request -> {
            // An agent that ends cuts this socket after its answer: no news for the log.
            request.exceptionHandler(_ -> {});
            return request.send();
        });
    }

    /** The pod's address and no other: a session row is the only thing that names a target. */
    public static SocketAddress address(Session session) {
        var address = session.address();
        var colon = address.lastIndexOf(':');
        var host = BRACKETS.matcher(address.substring(0, colon)).replaceAll("");
        return SocketAddress.inetSocketAddress(Integer.parseInt(address.substring(colon + 1)), host);
    }
}
