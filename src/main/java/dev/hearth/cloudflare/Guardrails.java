package dev.hearth.cloudflare;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Limits on where a browser may go. Not enforced here, so they are refused: ignored, a browser would go anywhere. Pure. */
final class Guardrails {
    static final String HEADER = "cf-brapi-guardrails";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Guardrails() {}

    /** @param header of that name, null without one @param body empty without one */
    static Optional<Refusal> refusal(@Nullable String header, byte[] body) {
        return header != null ? Optional.of(unsupported()) : body.length == 0 ? Optional.empty() : inBody(body);
    }

    private static Optional<Refusal> inBody(byte[] body) {
        try {
            if (!(JSON.readTree(body) instanceof ObjectNode json)) {
                return Optional.of(
                        Refusal.of(Problem.BODY_NOT_OBJECT, "The body must be a JSON object, or leave it out."));
            }
            return json.path("guardrails").isMissingNode()
                            || json.path("guardrails").isNull()
                    ? Optional.empty()
                    : Optional.of(unsupported().at("/guardrails"));
        } catch (IOException notJson) {
            return Optional.of(Refusal.of(Problem.JSON_SYNTAX, "The body is not JSON."));
        }
    }

    private static Refusal unsupported() {
        return Refusal.of(
                Problem.ALLOWED_DOMAINS_UNSUPPORTED,
                "Guardrails cannot be enforced by this pool: the browser would go anywhere. Leave them out.");
    }
}
