package dev.hearth.cloudflare;

import dev.hearth.claim.Session;
import dev.hearth.gateway.Refusal;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a call came to, before anything is written to its socket. */
sealed interface Answer {
    /** @param body null is JSON's null @param ignored parameters that were sent and not acted upon */
    record Facts(@Nullable Object body, List<String> ignored, Map<String, String> headers) implements Answer {
        static Facts of(@Nullable Object body) {
            return new Facts(body, List.of(), Map.of());
        }
    }

    record Refused(Refusal refusal) implements Answer {}

    /**
     * @param created by this very call
     * @param settings the session's own; null: none
     */
    record ToBrowser(
            Session session, boolean created, @Nullable String settings) implements Answer {}

    record ToPage(Session session, String target) implements Answer {}

    /**
     * The browser itself has to be asked.
     *
     * @param change whether it is more than a look
     * @param shown what the caller sees of its answer
     * @param otherwise what is answered where the browser cannot be asked; empty: that it cannot
     * @param ignored what was sent and not acted upon
     */
    record AskBrowser(
            Session session,
            HttpMethod method,
            String path,
            boolean change,
            UnaryOperator<byte[]> shown,
            Optional<Facts> otherwise,
            List<String> ignored)
            implements Answer {
        AskBrowser(
                Session session,
                HttpMethod method,
                String path,
                boolean change,
                UnaryOperator<byte[]> shown,
                Optional<Facts> otherwise) {
            this(session, method, path, change, shown, otherwise, List.of());
        }

        AskBrowser ignoring(List<String> sent) {
            return new AskBrowser(session, method, path, change, shown, otherwise, sent);
        }
    }
}
