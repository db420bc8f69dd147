package dev.hearth.agent;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one blank page that every client finds. Before the first session it is kept there and answering, and surplus pages
 * are closed; from then on pages are the client's own, and this only looks on.
 */
final class PreparedPage {
    private record Attached(String session, String url, boolean crashed) {}

    /** How commands reach Chrome. */
    interface Wire {
        /** @return the command's id, or 0 where it could not be sent */
        int send(String method, String params, @Nullable String session);
    }

    private final Wire wire;
    private final Map<String, Attached> pages = new LinkedHashMap<>();
    private final Probing probing = new Probing();
    private @Nullable String target;
    private int listing;
    private boolean creating;

    PreparedPage(Wire wire) {
        this.wire = wire;
    }

    /** Asks to be attached to each page that is there and each that will be; the pages come before the answer. */
    void begin() {
        var pagesOnly = "\"filter\":[{\"type\":\"page\"}]";
        wire.send("Target.setDiscoverTargets", "{\"discover\":true," + pagesOnly + "}", null);
        listing = wire.send(
                "Target.setAutoAttach",
                "{\"autoAttach\":true,\"waitForDebuggerOnStart\":false,\"flatten\":true," + pagesOnly + "}",
                null);
    }

    HealthPolicy.Probe probe(long now) {
        return target == null ? HealthPolicy.Probe.UNASKED : probing.at(now);
    }

    /** @return whether the pages changed, so that {@link #prepare} has something to do */
    boolean heard(CdpMessage message) {
        probing.heard(message);
        if (listing != 0 && message.id() == listing) {
            listing = 0;
            return true;
        }
        return switch (message.text("method")) {
            case "Target.attachedToTarget" -> attached(message);
            case "Target.detachedFromTarget" -> detached(message.text("params.sessionId"));
            case "Target.targetCrashed" -> crashed(message.text("params.targetId"));
            default -> false;
        };
    }

    /** Before a session only. @param mayClose whether all pages are surely nobody's */
    void prepare(boolean mayClose) {
        if (listing != 0 || creating) {
            return;
        }
        var seen = pages.entrySet().stream()
                .map(page -> new PagePlan.Page(
                        page.getKey(), page.getValue().url(), page.getValue().crashed()))
                .toList();
        switch (PagePlan.plan(seen, mayClose)) {
            case PagePlan.Create _ ->
                creating = wire.send("Target.createTarget", "{\"url\":\"" + PagePlan.BLANK + "\"}", null) != 0;
            case PagePlan.Keep(var kept, var surplus) -> {
                keep(kept);
                surplus.forEach(this::close);
            }
        }
    }

    void ask(long now) {
        var page = target == null ? null : pages.get(target);
        if (page != null && probing.due(now)) {
            probing.asked(wire.send("Runtime.evaluate", "{\"expression\":\"1\"}", page.session()), now);
        }
    }

    private void keep(String kept) {
        if (!kept.equals(target)) {
            target = kept;
            probing.reset();
        }
    }

    private void close(String surplus) {
        wire.send("Target.closeTarget", "{\"targetId\":\"" + surplus + "\"}", null);
    }

    private boolean attached(CdpMessage message) {
        if (!message.text("params.targetInfo.type").equals("page")) {
            return false;
        }
        creating = false;
        pages.put(
                message.text("params.targetInfo.targetId"),
                new Attached(message.text("params.sessionId"), message.text("params.targetInfo.url"), false));
        return true;
    }

    private boolean detached(String session) {
        var gone = pages.entrySet().stream()
                .filter(page -> page.getValue().session().equals(session))
                .map(Map.Entry::getKey)
                .findFirst();
        gone.ifPresent(this::forget);
        return gone.isPresent();
    }

    /** A session's crashed renderer is its own matter; before one, the page is replaced, because it never answers again. */
    private boolean crashed(String crashedTarget) {
        Console.say("a renderer crashed");
        pages.computeIfPresent(crashedTarget, (_, page) -> new Attached(page.session(), page.url(), true));
        if (crashedTarget.equals(target)) {
            target = null;
        }
        return true;
    }

    private void forget(String gone) {
        pages.remove(gone);
        if (gone.equals(target)) {
            target = null;
        }
    }
}
