package dev.hearth.agent;

import dev.hearth.wire.Beat;
import dev.hearth.wire.EgressRules;
import dev.hearth.wire.Grant;
import dev.hearth.wire.GrantCodec;
import dev.hearth.wire.PageSettings;
import java.nio.channels.SelectionKey;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers the agent port: nothing reaches Chrome but through a grant that {@link GrantCheck} and {@link Arbiter} let pass. */
final class Gatekeeper implements Exchange.Receiver {
    private static final Pattern WEBSOCKET_KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");
    private static final String GRANT = "hearth-grant";
    private static final String SETTINGS = "hearth-settings";

    private static final String JSON = "application/json; charset=UTF-8";

    private final GrantCheck check;
    private final InstantSource clock;
    private final Custody custody;
    private final Chrome chrome;
    private final @Nullable Guard guard;
    private final EventLoop loop;
    private final Buffers buffers;

    /** @param guard null: this browser goes out directly */
    Gatekeeper(
            GrantCheck check, Custody custody, Chrome chrome, @Nullable Guard guard, EventLoop loop, Buffers buffers) {
        this.check = check;
        this.clock = InstantSource.system();
        this.custody = custody;
        this.chrome = chrome;
        this.guard = guard;
        this.loop = loop;
        this.buffers = buffers;
    }

    @Override
    public void received(Exchange exchange, HttpHead head) {
        if (head.target().equals("/readyz") && head.method().equals("GET")) {
            exchange.answer(ready() ? 200 : 503, "");
            return;
        }
        var header = head.header(GRANT);
        if (header == null) {
            exchange.refuse(401, "no " + GrantCodec.HEADER);
            return;
        }
        switch (check.open(header, clock.instant())) {
            case GrantCodec.Opened.Refused(var why) -> exchange.refuse(401, why);
            case GrantCodec.Opened.Valid(var grant) ->
                Route.of(head.method(), head.target())
                        .ifPresentOrElse(
                                route -> decide(new Asked(exchange, head, route, grant)),
                                () -> exchange.refuse(404, "no such request; see docs/agent-protocol.md"));
        }
    }

    private record Asked(Exchange exchange, HttpHead head, Route route, Grant grant) {}

    private boolean ready() {
        return chrome.health() == Beat.Chrome.READY;
    }

    private void decide(Asked asked) {
        var verdict = Arbiter.decide(custody.standing(ready()), asked.route(), asked.grant());
        if (verdict.handsOver()) {
            custody.handOver(asked.grant());
        }
        switch (verdict.answer()) {
            case Verdict.Answer.Refuse(var status, var why) -> asked.exchange().refuse(status, why);
            case Verdict.Answer.Busy(var heldMillis) ->
                asked.exchange().answer(409, "{\"heldSinceMillis\":" + heldMillis + "}");
            case Verdict.Answer.Admit admit -> act(asked, admit);
        }
    }

    private void act(Asked asked, Verdict.Answer.Admit admit) {
        switch (asked.route()) {
            case Route.Leave _ -> {
                custody.clients().leave(asked.grant().connection());
                asked.exchange().answer(204, "");
            }
            case Route.End _ -> {
                custody.end();
                asked.exchange().answer(204, "");
            }
            case Route.Document(var path) -> relay(asked, "GET", path, JSON);
            case Route.Change(var method, var path) -> relay(asked, method, path, JSON);
            // Whoever passes it on to a person's browser says what it is: Chrome's word would not do.
            case Route.Frontend(var path) -> relay(asked, "GET", path, "application/octet-stream");
            case Route.BrowserSocket _ -> joinBrowser(asked, admit);
            case Route.PageSocket(var target) -> joinPage(asked, "/devtools/page/" + target);
        }
    }

    private void relay(Asked asked, String method, String path, String mediaType) {
        var request = ChromeDial.Request.document(address().port(), method, path);
        Relay.begin(loop, buffers, asked.exchange(), new Relay.Wanted(request, mediaType));
    }

    private void joinBrowser(Asked asked, Verdict.Answer.Admit admit) {
        var header = asked.head().header(SETTINGS);
        try {
            var pages = header == null ? null : PageSettings.ofHeader(header);
            var settings = pages == null || pages.isNone() ? null : pages;
            var egress = header == null ? EgressRules.NONE : EgressRules.ofHeader(header);
            if (guard != null) {
                guard.open(egress);
            } else if (!egress.isNone()) {
                // Of a pool that was not guarded when this browser was made.
                asked.exchange().refuse(502, "this browser is not guarded, and the session has egress rules");
                return;
            }
            upgrade(asked, address().browserPath(), chrome.spare()::take, done -> chrome.tune(settings, done), () -> {
                custody.clients().putOut(admit.putOut(), CloseReason.TAKEN_OVER);
                return new Joining.Who(
                        asked.exchange(),
                        custody.clients().hold(asked.grant()),
                        CloseReason.BROWSER_GONE,
                        guard != null);
            });
        } catch (IllegalArgumentException malformed) {
            asked.exchange().refuse(400, PageSettings.HEADER + " is malformed");
        }
    }

    /** A page's socket ends when its page does, which Chrome says by a bare end, and so do we. */
    private void joinPage(Asked asked, String path) {
        upgrade(
                asked,
                path,
                () -> null,
                done -> chrome.tune(null, done),
                () -> new Joining.Who(asked.exchange(), custody.clients().lookOn(), null, guard != null));
    }

    private void upgrade(
            Asked asked,
            String path,
            Supplier<@Nullable SelectionKey> spare,
            Joining.Preparation preparation,
            Supplier<Joining.Who> who) {
        var key = asked.head().header("sec-websocket-key");
        if (key == null || !WEBSOCKET_KEY.matcher(key).matches() || !isUpgrade(asked)) {
            asked.exchange()
                    .refuse(400, "this path takes a WebSocket upgrade of version 13, and nothing before its 101");
            return;
        }
        var request = ChromeDial.Request.upgrade(address().port(), path, key);
        Joining.begin(loop, buffers, new Joining.Way(request, key, spare), who.get(), preparation);
    }

    private static boolean isUpgrade(Asked asked) {
        return "websocket".equalsIgnoreCase(asked.head().header("upgrade"))
                && "13".equals(asked.head().header("sec-websocket-version"))
                && !asked.exchange().spokeOn();
    }

    /** Known, because an answering Chrome is a condition of being admitted. */
    private ActivePort address() {
        return Objects.requireNonNull(chrome.where());
    }
}
