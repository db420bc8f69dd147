package dev.hearth.cdp;

import dev.hearth.cdp.Admission.Answer;
import dev.hearth.claim.Session;
import dev.hearth.gateway.AgentCalls;
import dev.hearth.gateway.OffLoop;
import dev.hearth.gateway.RawAnswers;
import dev.hearth.gateway.Refusal;
import dev.hearth.gateway.SessionRefusals;
import dev.hearth.gateway.SessionUrls;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** {@code /json/*}, as stock clients ask for it before they open a socket. Nothing is ever claimed here. */
final class TargetList {
    private final Admission admission;
    private final AgentCalls agents;
    private final SessionUrls urls;
    private final OffLoop offLoop;

    TargetList(Admission admission, AgentCalls agents, SessionUrls urls, OffLoop offLoop) {
        this.admission = admission;
        this.agents = agents;
        this.urls = urls;
        this.offLoop = offLoop;
    }

    Optional<Refusal> rootVersion(Asked asked) {
        // A key in the URL stays in the URL, a key in a header is sent again by the client that sent it once.
        var query = asked.context().request().query();
        return known(asked, TargetUrls.version(urls.base(asked.host()) + "/" + (query == null ? "" : "?" + query)));
    }

    Optional<Refusal> rootList(Asked asked) {
        return known(asked, "[]".getBytes(StandardCharsets.UTF_8));
    }

    Optional<Refusal> sessionVersion(Asked asked) {
        return proxied(
                asked,
                "/json/version",
                (session, body) -> TargetUrls.rewriteVersion(body, urls.connect(session.id(), asked.host())));
    }

    Optional<Refusal> sessionList(Asked asked) {
        return proxied(
                asked,
                "/json/list",
                (session, body) ->
                        TargetUrls.rewriteList(body, target -> urls.page(session.id(), target, asked.host())));
    }

    private Optional<Refusal> known(Asked asked, byte[] body) {
        var sent = asked.sent();
        offLoop.call(asked.loop(), () -> admission.refusal(sent))
                .onSuccess(refusal -> refusal.ifPresentOrElse(
                        because -> RawAnswers.refuse(asked.context(), because),
                        () -> RawAnswers.json(asked.context(), body)))
                .onFailure(asked.context()::fail);
        return Optional.empty();
    }

    private interface Rewrite {
        byte[] apply(Session session, byte[] body);
    }

    private Optional<Refusal> proxied(Asked asked, String path, Rewrite rewrite) {
        var id = asked.session();
        var token = asked.token();
        var sent = asked.sent();
        offLoop.call(asked.loop(), () -> admission.look(id, token, sent))
                .onSuccess(answer -> {
                    switch (answer) {
                        case Answer.Open(var session, var _, var _) -> ask(asked, session, path, rewrite);
                        case Answer.Refused(var refusal) -> RawAnswers.refuse(asked.context(), refusal);
                    }
                })
                .onFailure(asked.context()::fail);
        return Optional.empty();
    }

    private void ask(Asked asked, Session session, String path, Rewrite rewrite) {
        offLoop.call(asked.loop(), () -> agents.get(session, path))
                .compose(answered -> answered)
                .map(body -> rewrite.apply(session, body.getBytes()))
                .onSuccess(body -> asked.loop().runOnContext(_ -> RawAnswers.json(asked.context(), body)))
                .onFailure(_ -> asked.loop()
                        .runOnContext(_ -> RawAnswers.refuse(asked.context(), SessionRefusals.unreachable())));
    }
}
