package dev.hearth.cloudflare;

import dev.hearth.claim.Session;
import dev.hearth.gateway.Refusal;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a call came to, before anything is written to its socket. */
sealed interface Answer {
    /** @param body null is JSON's null @param ignored parameters that were sent and not acted upon */
    record Facts(@Nullable Object body, List<String> ignored) implements Answer {
        static Facts of(@Nullable Object body) {
            return new Facts(body, List.of());
        }
    }

    record Refused(Refusal refusal) implements Answer {}

    /** @param created by this very call */
    record ToBrowser(Session session, boolean created) implements Answer {}

    record ToPage(Session session, String target) implements Answer {}

    /**
     * The browser itself has to be asked.
     *
     * @param change whether it is more than a look
     * @param shown what the caller sees of its answer
     * @param otherwise what is answered where the browser cannot be asked; empty: that it cannot
     */
    record AskBrowser(
            Session session,
            HttpMethod method,
            String path,
            boolean change,
            UnaryOperator<byte[]> shown,
            Optional<Facts> otherwise)
            implements Answer {}
}
