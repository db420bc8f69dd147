package dev.hearth.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The little of CDP that a first look at a browser needs: commands and their answers; events are passed over. */
public final class CdpClient implements AutoCloseable {
    /** Pictures and traces come as one string: Chrome's own limit is 256 MiB. */
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxStringLength(256 << 20).build())
            .build());

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final WebSocket socket;

    private CdpClient(HttpClient http, URI url) throws IOException {
        socket = await(http.newWebSocketBuilder().connectTimeout(PATIENCE).buildAsync(url, new Answers()), "connect");
    }

    /** @throws IOException with the gateway's refusal where it did not answer 101 */
    public static CdpClient connect(HttpClient http, URI url) throws IOException {
        return new CdpClient(http, url);
    }

    /** The command's result. {@code session} is a flat CDP session id; null speaks to the browser itself. */
    public JsonNode call(@Nullable String session, String method, Map<String, ?> params) throws IOException {
        var id = ids.incrementAndGet();
        ObjectNode command = JSON.createObjectNode().put("id", id).put("method", method);
        if (session != null) {
            command.put("sessionId", session);
        }
        command.set("params", JSON.valueToTree(params));
        var answer = new CompletableFuture<JsonNode>();
        waiting.put(id, answer);
        await(socket.sendText(command.toString(), true), method);
        var message = await(answer, method);
        if (message.has("error")) {
            throw new IOException(
                    method + ": " + message.path("error").path("message").asText());
        }
        return message.path("result");
    }

    /** Attaches to the browser's first page and returns the flat CDP session id. */
    public String attachToFirstPage() throws IOException {
        for (var target : call(null, "Target.getTargets", Map.of()).path("targetInfos")) {
            if (target.path("type").asText().equals("page")) {
                var attached = call(
                        null,
                        "Target.attachToTarget",
                        Map.of("targetId", target.path("targetId").asText(), "flatten", true));
                return attached.path("sessionId").asText();
            }
        }
        throw new IOException("the browser has no page");
    }

    /** Completes when the other side closed or the socket broke; its value is the close code, 1006 where there was none. */
    public CompletableFuture<Integer> closed() {
        return closed;
    }

    /** Cuts the connection without a goodbye, as a client does that dies. */
    public void abort() {
        socket.abort();
    }

    @Override
    public void close() {
        var unused = socket.sendClose(WebSocket.NORMAL_CLOSURE, "")
                .orTimeout(5, TimeUnit.SECONDS)
                .handle((ok, gone) -> ok);
        unused.join();
        socket.abort();
    }

    private static <T> T await(CompletionStage<T> stage, String what) throws IOException {
        try {
            return stage.toCompletableFuture()
                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException failed) {
            var cause = failed.getCause();
            throw switch (cause) {
                case TimeoutException late ->
                    new IOException(what + ": no answer in " + PATIENCE.toSeconds() + " s", late);
                case WebSocketHandshakeException refused ->
                    new IOException(
                            "%s: answered %d %s"
                                    .formatted(
                                            what,
                                            refused.getResponse().statusCode(),
                                            refused.getResponse().body()),
                            refused);
                case null, default -> new IOException(what + ": " + cause, cause);
            };
        }
    }

    /** Puts fragments together and hands each answer to the call that waits for it. */
    private final class Answers implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                answer(text.toString());
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
            fail(code, new IOException("the socket was closed: " + code + " " + reason));
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            fail(1006, error);
        }

        private void answer(String message) {
            try {
                var json = JSON.readTree(message);
                var call = waiting.remove(json.path("id").asInt(-1));
                if (call != null) {
                    call.complete(json);
                }
            } catch (IOException notJson) {
                fail(1007, notJson);
            }
        }

        private void fail(int code, Throwable cause) {
            closed.complete(code);
            waiting.values().forEach(call -> call.completeExceptionally(cause));
        }
    }
}
