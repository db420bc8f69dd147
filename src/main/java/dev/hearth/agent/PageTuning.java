package dev.hearth.agent;

import dev.hearth.wire.PageSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the session's pages as its claim asked for them, through the agent's own connection: those that are there before a
 * client is let in, and new ones before their first script, which wait for it. Repeated for each client, because one
 * that leaves takes down what it had put over ours.
 */
final class PageTuning {
    /** Told once, when Chrome has answered all: null, or what it would not do. */
    interface Done {
        void done(@Nullable String refusal);
    }

    private final PreparedPage.Wire wire;
    /** CDP session of each page and frame; true: a page. */
    private final Map<String, Boolean> attached = new LinkedHashMap<>();

    private final List<Round> rounds = new ArrayList<>();
    private @Nullable PageSettings settings;

    PageTuning(PreparedPage.Wire wire) {
        this.wire = wire;
    }

    private static final class Round {
        private final Set<Integer> unanswered = new HashSet<>();
        private final Done done;
        private @Nullable String refusal;

        private Round(Done done) {
            this.done = done;
        }
    }

    /** @return what gives the waiting up, so that {@code done} is not told */
    Runnable apply(PageSettings wanted, Done done) {
        settings = wanted;
        var round = new Round(done);
        rounds.add(round);
        // New pages must not start before they are as wanted.
        send(
                round,
                "Target.setAutoAttach",
                "{\"autoAttach\":true,\"waitForDebuggerOnStart\":true,\"flatten\":true,\"filter\":[{\"type\":\"page\"}]}",
                null);
        attached.forEach((session, isPage) -> tune(round, wanted, session, isPage));
        return () -> rounds.remove(round);
    }

    /** Another session has the browser: what the last one wanted binds no more. */
    void forget() {
        settings = null;
    }

    void heard(CdpMessage message) {
        answered(message);
        switch (message.text("method")) {
            case "Target.attachedToTarget" -> attached(message);
            case "Target.detachedFromTarget" -> attached.remove(message.text("params.sessionId"));
            default -> {}
        }
    }

    private void attached(CdpMessage message) {
        var session = message.text("params.sessionId");
        var isPage = message.text("params.targetInfo.type").equals("page");
        attached.put(session, isPage);
        if (settings != null) {
            tune(null, settings, session, isPage);
        }
        if (message.text("params.waitingForDebugger").equals("true")) {
            wire.send("Runtime.runIfWaitingForDebugger", "{}", session);
        }
    }

    private void tune(@Nullable Round round, PageSettings wanted, String session, boolean isPage) {
        PageCommands.of(wanted, isPage).forEach(command -> send(round, command.method(), command.params(), session));
    }

    private void send(@Nullable Round round, String method, String params, @Nullable String session) {
        var id = wire.send(method, params, session);
        if (round != null) {
            round.unanswered.add(id);
        }
    }

    private void answered(CdpMessage message) {
        for (var round : List.copyOf(rounds)) {
            if (message.id() == 0 || !round.unanswered.remove(message.id())) {
                continue;
            }
            if (message.failed() && !inForceAlready(message)) {
                round.refusal = message.text("error.message");
            }
            if (round.unanswered.isEmpty()) {
                rounds.remove(round);
                round.done.done(round.refusal);
            }
        }
    }

    /** Locale and time zone are a renderer's: the second page in it finds them set. A page may also have gone meanwhile. */
    private static boolean inForceAlready(CdpMessage message) {
        var why = message.text("error.message");
        return why.contains("already in effect") || why.contains("Session with given id not found");
    }
}
