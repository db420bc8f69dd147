package dev.hearth.cloudflare;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hearth.cdp.TargetUrls;
import dev.hearth.claim.Session;
import dev.hearth.gateway.AgentCalls;
import dev.hearth.gateway.Claims;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import dev.hearth.gateway.SessionRefusals;
import dev.hearth.gateway.SessionUrls;
import dev.hearth.gateway.ViewTokens;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Chrome's own documents as this face shows them: every URL in them leads back here, and needs the key in a header. */
final class Documents {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SessionUrls urls;
    private final ViewTokens views;
    private final InstantSource clock;

    Documents(SessionUrls urls, ViewTokens views, InstantSource clock) {
        this.urls = urls;
        this.views = views;
        this.clock = clock;
    }

    /** What a new session's client is told. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Acquired(
            String sessionId,
            String webSocketDebuggerUrl,
            @Nullable @JsonRawValue String targets) {}

    /** The session is claimed already: it is given to its client even where the browser does not tell its targets. */
    Answer acquired(Asked asked, Claims.Answer.Granted granted, AcquireQuery query) {
        var session = granted.session();
        var served = Map.of(Claims.Answer.Granted.SERVED_BY, granted.servedBy());
        var id = session.id().toString();
        var plain = new Answer.Facts(new Acquired(id, url(asked, session), null), query.ignored(), served);
        return query.targets()
                ? look(
                                session,
                                "/json/list",
                                list -> bytes(
                                        new Acquired(id, url(asked, session), text(rewritten(asked, session, list)))),
                                Optional.of(plain))
                        .ignoring(query.ignored())
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

    /** How one page of a session is seen by a person. @param options as they are served */
    record Viewed(String id, Options options, String devtoolsFrontendUrl, String webSocketDebuggerUrl) {
        @JsonInclude(JsonInclude.Include.NON_NULL)
        record Options(String mode, @Nullable Map<String, String> guardrails) {}

        /** Its URLs are credentials. */
        @Override
        public String toString() {
            return "Viewed[" + id + "]";
        }
    }

    Answer liveView(Asked asked, Session session, LiveViewAsk view) {
        return look(
                        session,
                        "/json/list",
                        list -> bytes(pages(read(list))
                                .map(page -> page.path("id").asText())
                                .filter(id ->
                                        view.target() == null || view.target().equals(id))
                                .findFirst()
                                .map(page -> viewed(asked, session, view, page))
                                .orElseThrow(NoSuchTarget::new)),
                        Optional.empty())
                .ignoring(view.ignored());
    }

    private Viewed viewed(Asked asked, Session session, LiveViewAsk view, String page) {
        var token = views.seal(session.id(), view.view(clock.instant()));
        return new Viewed(
                page,
                new Viewed.Options(LiveViewAsk.SERVED, view.readOnly() ? Map.of("mode", "readonly") : null),
                urls.viewPage(session.id(), token, page, asked.host()),
                urls.viewSocket(session.id(), token, page, asked.host()));
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

    private static Answer.AskBrowser look(
            Session session, String path, UnaryOperator<byte[]> shown, Optional<Answer.Facts> otherwise) {
        return new Answer.AskBrowser(session, HttpMethod.GET, path, false, shown, otherwise);
    }

    /** With a URL for people at each page, as a live view without any wishes has it. */
    private byte[] rewritten(Asked asked, Session session, byte[] list) {
        var token = views.seal(session.id(), LiveViewAsk.USUAL.view(clock.instant()));
        return TargetUrls.rewriteList(
                list,
                target -> url(asked, session) + "/page/" + target,
                page -> urls.viewPage(session.id(), token, page, asked.host()));
    }

    private static Stream<JsonNode> pages(JsonNode targets) {
        return StreamSupport.stream(targets.spliterator(), false)
                .filter(target -> target.path("type").asText().equals("page"));
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
