package dev.hearth.cdp;

import static dev.hearth.telemetry.LogKeys.SESSION;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import dev.hearth.claim.Session;
import dev.hearth.gateway.AgentCalls;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import dev.hearth.wire.GrantCodec;
import dev.hearth.wire.PageSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the agent's side of a connection, before the client's 101: so that a failure is still an HTTP answer. */
final class AgentDialer {
    /** A pod in the same region is dialled in a millisecond; two tries of this are what a client waits at worst. */
    private static final int CONNECT_MILLIS = 2_000;

    private static final long ANSWER_MILLIS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(AgentDialer.class);
    private static final JsonFactory JSON = new JsonFactory();

    private final Vertx vertx;
    private final HttpClient client;

    AgentDialer(Vertx vertx) {
        this.vertx = vertx;
        // Every success takes its connection out of the client: no pool to bound, and keep-alive must stay on for a
        // 101.
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setConnectTimeout(CONNECT_MILLIS)
                .setTcpNoDelay(true)
                .setMaxPoolSize(100_000));
    }

    /**
     * @param path on the agent
     * @param key the client's Sec-WebSocket-Key, whose answer only Chrome's side gives
     * @param settings what the session's pages must be like before the client may speak
     */
    record Call(
            Session session,
            String grant,
            String path,
            String key,
            @Nullable String settings) {
        /** Holds a grant, and settings that may hold a proxy's password. */
        @Override
        public String toString() {
            return "Call[" + session.id() + " " + path + "]";
        }
    }

    /** How the agent answered. */
    sealed interface Dialed {
        /** The socket is paused. */
        record Joined(NetSocket socket, String accept) implements Dialed {}

        record Refused(Refusal refusal) implements Dialed {}
    }

    Future<Dialed> dial(Call call) {
        return once(call).recover(_ -> once(call)).recover(unreachable -> {
            LOG.atWarn()
                    .addKeyValue(SESSION, call.session().id())
                    .log("agent not reached: {}", unreachable.getClass().getSimpleName());
            return Future.succeededFuture(new Dialed.Refused(unreachable()));
        });
    }

    private Future<Dialed> once(Call call) {
        var options = new RequestOptions()
                .setServer(AgentCalls.address(call.session()))
                .setMethod(HttpMethod.GET)
                .setURI(call.path())
                .putHeader("Host", "localhost")
                .putHeader(GrantCodec.HEADER, call.grant())
                .putHeader("Upgrade", "websocket")
                .putHeader("Connection", "Upgrade")
                .putHeader("Sec-WebSocket-Version", "13")
                .putHeader("Sec-WebSocket-Key", call.key());
        if (call.settings() != null) {
            options.putHeader(PageSettings.HEADER, PageSettings.header(call.settings()));
        }
        return client.request(options).compose(this::connect).compose(response -> answered(call, response));
    }

    private Future<HttpClientResponse> connect(HttpClientRequest request) {
        var patience = vertx.setTimer(ANSWER_MILLIS, _ -> request.connection().close());
        // What happens after the 101 is the pump's to hear from the socket itself.
        request.exceptionHandler(_ -> {});
        return request.connect().onComplete(_ -> vertx.cancelTimer(patience));
    }

    private Future<Dialed> answered(Call call, HttpClientResponse response) {
        if (response.statusCode() == 101) {
            var socket = response.netSocket();
            socket.pause();
            return Future.succeededFuture(new Dialed.Joined(
                    socket, Objects.requireNonNullElse(response.getHeader("Sec-WebSocket-Accept"), "")));
        }
        // The next connection must be a fresh one: pooled ones may live on another event loop than their pump.
        return response.body()
                .otherwise(Buffer.buffer())
                .onComplete(_ -> response.request().connection().close())
                .map(body -> new Dialed.Refused(refusal(call, response.statusCode(), body)));
    }

    private static Refusal refusal(Call call, int status, Buffer body) {
        return switch (status) {
            case 409 -> busyOrOver(body);
            case 503 ->
                Refusal.of(Problem.SESSION_NOT_READY, "The session's browser is not ready; try again.")
                        .retryAfter(1)
                        .shouldRetry(true);
            case 404 -> Refusal.of(Problem.NOT_FOUND, "The session's browser has no such target.");
            default -> {
                LOG.atError().addKeyValue(SESSION, call.session().id()).log("agent refused our grant with {}", status);
                yield unreachable();
            }
        };
    }

    private static Refusal busyOrOver(Buffer body) {
        var held = heldSince(body.getBytes());
        return held < 0
                ? Refusal.of(Problem.SESSION_ENDED, "The session's browser belongs to a newer session.")
                        .shouldRetry(false)
                : Refusal.of(
                                Problem.SESSION_BUSY,
                                "Another client holds this session since " + held / 1000
                                        + " s; add takeover=true to put it out.")
                        .with("heldSinceMillis", held)
                        .shouldRetry(false);
    }

    /** -1: the agent's 409 is not about another client. */
    private static long heldSince(byte[] body) {
        try (var json = JSON.createParser(body)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.VALUE_NUMBER_INT && "heldSinceMillis".equals(json.currentName())) {
                    return json.getLongValue();
                }
            }
            return -1;
        } catch (IOException notJson) {
            return -1;
        }
    }

    private static Refusal unreachable() {
        return Refusal.of(
                        Problem.BROWSER_UNREACHABLE, "The session's browser did not answer; it may be starting to end.")
                .retryAfter(2)
                .shouldRetry(false);
    }
}
