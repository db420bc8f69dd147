package dev.hearth.cloudflare;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hearth.cdp.TargetUrls;
import dev.hearth.claim.Session;
import dev.hearth.gateway.AgentCalls;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import dev.hearth.gateway.SessionRefusals;
import dev.hearth.gateway.SessionUrls;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Chrome's own documents as this face shows them: every URL in them leads back here, and needs the key in a header. */
final class Documents {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SessionUrls urls;

    Documents(SessionUrls urls) {
        this.urls = urls;
    }

    /** What a new session's client is told. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Acquired(
            String sessionId,
            String webSocketDebuggerUrl,
            @Nullable @JsonRawValue String targets) {}

    /** The session is claimed already: it is given to its client even where the browser does not tell its targets. */
    Answer acquired(Asked asked, Session session, AcquireQuery query) {
        var id = session.id().toString();
        var plain = new Answer.Facts(new Acquired(id, url(asked, session), null), query.ignored());
        return query.targets()
                ? look(
                        session,
                        "/json/list",
                        list -> bytes(new Acquired(id, url(asked, session), text(rewritten(asked, session, list)))),
                        Optional.of(plain))
                : plain;
    }

    Answer version(Asked asked, Session session) {
        return look(
                session,
                "/json/version",
                version -> TargetUrls.rewriteVersion(version, url(asked, session)),
                Optional.empty());
    }

    static Answer protocol(Session session) {
        return look(session, "/json/protocol", UnaryOperator.identity(), Optional.empty());
    }

    Answer targets(Asked asked, Session session) {
        return look(session, "/json/list", list -> rewritten(asked, session, list), Optional.empty());
    }

    Answer target(Asked asked, Session session, String id) {
        return look(
                session,
                "/json/list",
                list -> bytes(StreamSupport.stream(
                                read(rewritten(asked, session, list)).spliterator(), false)
                        .filter(target -> target.path("id").asText().equals(id))
                        .findFirst()
                        .orElseThrow(NoSuchTarget::new)),
                Optional.empty());
    }

    Answer newTarget(Asked asked, Session session) {
        var url = asked.parameter("url", "about:blank");
        return new Answer.AskBrowser(
                session,
                HttpMethod.PUT,
                "/json/new?" + URLEncoder.encode(url, StandardCharsets.UTF_8).replace("+", "%20"),
                true,
                target -> bytes(
                        read(rewritten(asked, session, ("[" + text(target) + "]").getBytes(StandardCharsets.UTF_8)))
                                .get(0)),
                Optional.empty());
    }

    /** What is done to a target, and Chrome's words about it. */
    static Answer told(Session session, String path) {
        return new Answer.AskBrowser(
                session, HttpMethod.GET, path, true, words -> bytes(Map.of("message", text(words))), Optional.empty());
    }

    String url(Asked asked, Session session) {
        return urls.base(asked.host()) + asked.base() + "devtools/browser/" + session.id();
    }

    static Refusal refusal(Throwable why) {
        return why instanceof NoSuchTarget || (why instanceof AgentCalls.Unanswered answered && answered.byChrome())
                ? Refusal.of(Problem.NOT_FOUND, "The session's browser has no such target.")
                : SessionRefusals.unreachable();
    }

    /** The browser has no target of this id. */
    static final class NoSuchTarget extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static Answer look(
            Session session, String path, UnaryOperator<byte[]> shown, Optional<Answer.Facts> otherwise) {
        return new Answer.AskBrowser(session, HttpMethod.GET, path, false, shown, otherwise);
    }

    private byte[] rewritten(Asked asked, Session session, byte[] list) {
        return TargetUrls.rewriteList(list, target -> url(asked, session) + "/page/" + target);
    }

    private static JsonNode read(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException notChrome) {
            throw new UncheckedIOException(notChrome);
        }
    }

    static byte[] bytes(@Nullable Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
