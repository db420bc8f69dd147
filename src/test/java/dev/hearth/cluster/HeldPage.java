package dev.hearth.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.app.CdpClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;

/** A client with an open socket, and a mark in its page by which the browser is known again. */
final class HeldPage implements AutoCloseable {
    private final Api api;
    private final Api.Session session;
    private CdpClient socket;
    private String page;

    HeldPage(Api api, Api.Session session) throws IOException {
        this.api = api;
        this.session = session;
        connect();
        evaluate("window.mark = '" + session.id() + "'");
    }

    Api.Session session() {
        return session;
    }

    private void connect() throws IOException {
        socket = api.connect(session);
        page = socket.attachToFirstPage();
    }

    String evaluate(String expression) throws IOException {
        return socket.call(
                        page,
                        "Runtime.evaluate",
                        Map.of("expression", expression, "returnByValue", true, "awaitPromise", true))
                .path("result")
                .path("value")
                .asText();
    }

    /** The socket that was opened first still answers, from the same page. */
    void assertLives() throws IOException {
        assertThat(socket.closed()).as("the socket of session %s", session.id()).isNotDone();
        assertThat(evaluate("window.mark")).isEqualTo(session.id());
    }

    boolean isCut() {
        return socket.closed().isDone();
    }

    /** As a client does whose socket broke: again, by the same URL, until it finds its page. */
    void reconnect(Duration patience) {
        Awaitility.await("session " + session.id() + " by its URL")
                .atMost(patience)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    connect();
                    return evaluate("window.mark").equals(session.id());
                });
    }

    @Override
    public void close() {
        if (!isCut()) {
            socket.close();
        }
        api.release(session);
    }
}
