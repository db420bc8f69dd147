package dev.hearth.cdp;

import dev.hearth.claim.Session;
import dev.hearth.gateway.AgentCalls;
import dev.hearth.gateway.OffLoop;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.RawAnswers;
import dev.hearth.gateway.Refusal;
import dev.hearth.gateway.SessionRefusals;
import dev.hearth.gateway.ViewTokens.View;
import dev.hearth.wire.Grant;
import java.util.Map;
import java.util.Objects;

/**
 * A person's view of a live session: a page's socket, and the DevTools that Chrome itself carries to show it. The right to
 * it is in the path, because the front end's own requests keep nothing else. A viewer never counts as a connection.
 */
final class LiveView {
    private static final Map<String, String> MEDIA_TYPES = Map.of(
            "html", "text/html; charset=UTF-8",
            "js", "text/javascript; charset=UTF-8",
            "css", "text/css; charset=UTF-8",
            "json", "application/json; charset=UTF-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "avif", "image/avif",
            "woff2", "font/woff2",
            "wasm", "application/wasm");

    private final Admission admission;
    private final Joiner joiner;
    private final AgentCalls agents;
    private final OffLoop offLoop;

    LiveView(Admission admission, Joiner joiner, AgentCalls agents, OffLoop offLoop) {
        this.admission = admission;
        this.joiner = joiner;
        this.agents = agents;
        this.offLoop = offLoop;
    }

    /** The handshake was checked before. */
    void socket(Asked asked) {
        var path = "/devtools/page/" + asked.context().pathParam("target");
        admitted(
                asked,
                false,
                (session, view) -> joiner.join(
                        asked, session, Grant.Kind.VIEWER, pass -> Joiner.Door.ofViewer(session, pass, path, view)));
    }

    void file(Asked asked) {
        var file = Objects.requireNonNull(asked.context().pathParam("file"));
        var mediaType = MEDIA_TYPES.get(file.substring(file.lastIndexOf('.') + 1));
        if (mediaType == null) {
            RawAnswers.refuse(asked.context(), nothing());
            return;
        }
        // DevTools brings its panels one by one, as they are opened.
        var begun = !file.equals("inspector.html");
        admitted(asked, begun, (session, _) -> send(asked, session, "/devtools/" + file, mediaType));
    }

    private interface Then {
        void go(Session session, View view);
    }

    private void admitted(Asked asked, boolean begun, Then then) {
        var id = asked.session();
        var view = Objects.requireNonNull(asked.context().pathParam("view"));
        offLoop.call(asked.loop(), () -> admission.view(id, view, begun))
                .onSuccess(answer -> {
                    switch (answer) {
                        case Admission.Viewing.Open(var session, var seen) -> then.go(session, seen);
                        case Admission.Viewing.Refused(var refusal) -> RawAnswers.refuse(asked.context(), refusal);
                    }
                })
                .onFailure(asked.context()::fail);
    }

    private void send(Asked asked, Session session, String path, String mediaType) {
        offLoop.call(asked.loop(), () -> agents.get(session, path))
                .compose(answered -> answered)
                .onSuccess(body -> asked.loop().runOnContext(_ -> {
                    // Chrome answers 200 with nothing for what it does not have.
                    if (body.length() == 0) {
                        RawAnswers.refuse(asked.context(), nothing());
                        return;
                    }
                    asked.context().request().resume();
                    asked.context()
                            .response()
                            .putHeader("Content-Type", mediaType)
                            .putHeader("Cache-Control", "private, max-age=3600")
                            .putHeader("Referrer-Policy", "no-referrer")
                            .putHeader("X-Content-Type-Options", "nosniff")
                            .end(body);
                }))
                .onFailure(_ -> asked.loop()
                        .runOnContext(_ -> RawAnswers.refuse(asked.context(), SessionRefusals.unreachable())));
    }

    private static Refusal nothing() {
        return Refusal.of(Problem.NOT_FOUND, "The session's browser has no such file.");
    }
}
