package dev.hearth.cloudflare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import dev.hearth.wire.EgressRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Limits on where a new session's browser may go, in a header or a body. They hold for its life. What cannot be read is
 * refused: ignored, a browser would go anywhere. Pure.
 */
final class Guardrails {
    static final String HEADER = "cf-brapi-guardrails";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern HOSTNAME = Pattern.compile("(?=[^*]*[*]?[^*]*$)[-a-z0-9_.*]{1,253}");
    private static final int MOST = 50;

    private Guardrails() {}

    sealed interface Read {
        /** {@link EgressRules#NONE} where nothing was sent. */
        record Rules(EgressRules rules) implements Read {}

        record Refused(Refusal refusal) implements Read {}
    }

    /** @param header of that name, null without one @param body empty without one */
    static Read read(@Nullable String header, byte[] body) {
        try {
            if (header != null) {
                return policy(JSON.readTree(Base64.getUrlDecoder().decode(header)));
            }
            if (body.length == 0) {
                return new Read.Rules(EgressRules.NONE);
            }
            if (!(JSON.readTree(body) instanceof ObjectNode json)) {
                return refused(Problem.BODY_NOT_OBJECT, "The body must be a JSON object, or leave it out.");
            }
            var policy = json.path("guardrails");
            return policy.isMissingNode() || policy.isNull() ? new Read.Rules(EgressRules.NONE) : policy(policy);
        } catch (IOException | IllegalArgumentException notJson) {
            return header == null
                    ? refused(Problem.JSON_SYNTAX, "The body is not JSON.")
                    : invalid("Header '" + HEADER + "' must be JSON in base64url.");
        }
    }

    /** Of a client that connects: its session's own hold already, and no others can be had. */
    static Optional<Refusal> late(@Nullable String header, @Nullable String settings) {
        return header == null || settings != null ? Optional.empty() : Optional.of(unguarded());
    }

    static Refusal unguarded() {
        return Refusal.of(
                        Problem.ALLOWED_DOMAINS_UNSUPPORTED,
                        "Guardrails cannot be enforced by this pool: the browser would go anywhere. Leave them out, or name a"
                                + " pool with 'egress: Guarded'.")
                .at("/guardrails");
    }

    private static Read policy(@Nullable JsonNode json) {
        if (!(json instanceof ObjectNode policy)) {
            return invalid("Guardrails must be an object.");
        }
        for (var field : policy.properties()) {
            var empty = field.getValue().isNull()
                    || field.getValue().isEmpty() && field.getValue().isArray();
            if (!field.getKey().equals("allowedDomains") && !empty) {
                return invalid("Of guardrails only 'allowedDomains' can be enforced.");
            }
        }
        var domains = policy.path("allowedDomains");
        if (domains.isMissingNode() || domains.isNull()) {
            return rules(List.of());
        }
        return domains instanceof ArrayNode array && array.size() <= MOST
                ? domains(array)
                : invalid("'allowedDomains' of guardrails must be a list of " + MOST + " hostnames at most.");
    }

    private static Read domains(ArrayNode array) {
        var domains = new ArrayList<String>();
        for (var item : array) {
            var domain = item.isTextual() ? item.textValue().toLowerCase(Locale.ROOT) : "";
            if (!HOSTNAME.matcher(domain).matches()) {
                return invalid("'allowedDomains' of guardrails must hold hostnames, each with one star at most.");
            }
            // A bare hostname means itself alone here, unlike in Browserbase's list.
            domains.add(domain.indexOf('*') < 0 ? "=" + domain : domain);
        }
        return rules(domains);
    }

    private static Read rules(List<String> domains) {
        return new Read.Rules(new EgressRules(domains, List.of()));
    }

    private static Read invalid(String detail) {
        return new Read.Refused(Refusal.of(Problem.FIELD_RANGE, detail).at("/guardrails"));
    }

    private static Read refused(Problem problem, String detail) {
        return new Read.Refused(Refusal.of(problem, detail));
    }
}
