import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Prints what {@code chrome://sandbox} says, read over CDP from the Chrome at the port given. */
final class SandboxPage {
    private static final String READ =
            """
            {"id":1,"method":"Runtime.evaluate","params":{"awaitPromise":true,"returnByValue":true,"expression":
            "new Promise(done => { const look = () => /adequately|NOT/.test(document.body.innerText) ? done(document.body.innerText) : setTimeout(look, 50); look(); })"}}
            """;

    public static void main(String[] arguments) throws Exception {
        var http = HttpClient.newHttpClient();
        var open = URI.create("http://127.0.0.1:" + arguments[0] + "/json/new?chrome://sandbox");
        var page = http.send(HttpRequest.newBuilder(open).PUT(HttpRequest.BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        var address = Pattern.compile("\"webSocketDebuggerUrl\": *\"([^\"]+)\"").matcher(page.body());
        if (!address.find()) {
            throw new IllegalStateException("Chrome opened no page: " + page.body());
        }
        var answer = new CompletableFuture<String>();
        http.newWebSocketBuilder()
                .buildAsync(URI.create(address.group(1)), new WebSocket.Listener() {
                    private final StringBuilder text = new StringBuilder();

                    @Override
                    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
                        text.append(part);
                        if (last) {
                            answer.complete(text.toString());
                        }
                        socket.request(1);
                        return null;
                    }
                })
                .join()
                .sendText(READ, true);
        var value = Pattern.compile("\"value\":\"((?:[^\"\\\\]|\\\\.)*)\"").matcher(answer.get(20, TimeUnit.SECONDS));
        System.out.println(value.find() ? value.group(1).replace("\\n", "\n").replace("\\t", "\t") : answer.join());
        System.exit(0);
    }
}
