package dev.hearth.cloudflare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import dev.hearth.gateway.ViewTokens.Bound;
import dev.hearth.gateway.ViewTokens.View;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST …/live_view}. Pure.
 *
 * @param mode as it was asked for: each is served as Chrome's DevTools with the page's picture
 * @param expiresIn until when the view must have been opened; an open one lasts as long as the session
 * @param target null: the first page
 */
record LiveViewAsk(
        String mode, Duration expiresIn, @Nullable String target, boolean readOnly) {
    static final long SHORTEST = 60_000;
    static final long LONGEST = 3_600_000;

    private static final ObjectMapper JSON = new ObjectMapper();
    /** What every mode is served as. */
    static final String SERVED = "devtools";

    static final LiveViewAsk USUAL = new LiveViewAsk(SERVED, Duration.ofMinutes(5), null, false);
    private static final Set<String> MODES = Set.of("devtools", "tab", "full");
    private static final Set<String> FIELDS = Set.of("mode", "expiresInMs", "targetId", "guardrails");

    /** A view that can be given, or why not. */
    sealed interface Parsed {
        record Usable(LiveViewAsk ask) implements Parsed {}

        record Refused(Refusal refusal) implements Parsed {}
    }

    /** @param body empty without one */
    static Parsed parse(byte[] body) {
        if (body.length == 0) {
            return new Parsed.Usable(USUAL);
        }
        try {
            return JSON.readTree(body) instanceof ObjectNode json
                    ? problem(json).<Parsed>map(Parsed.Refused::new).orElseGet(() -> new Parsed.Usable(read(json)))
                    : new Parsed.Refused(
                            Refusal.of(Problem.BODY_NOT_OBJECT, "The body must be a JSON object, or leave it out."));
        } catch (IOException notJson) {
            return new Parsed.Refused(Refusal.of(Problem.JSON_SYNTAX, "The body is not JSON."));
        }
    }

    View view(Instant now) {
        return new View(readOnly, now.plus(expiresIn), Bound.START);
    }

    /** What was asked for and is not acted upon, sorted. */
    List<String> ignored() {
        return mode.equals(SERVED) ? List.of() : List.of("mode");
    }

    /** A field nobody knows could have been a limit on the viewer: it is refused. */
    private static Optional<Refusal> problem(ObjectNode json) {
        return Stream.of(
                        unknown(json),
                        mode(json.path("mode")),
                        expiry(json.path("expiresInMs")),
                        target(json),
                        guardrails(json))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Refusal> unknown(ObjectNode json) {
        return StreamSupport.stream(((Iterable<String>) json::fieldNames).spliterator(), false)
                .filter(name -> !FIELDS.contains(name))
                .findFirst()
                .map(name -> Refusal.of(
                                Problem.FIELD_UNKNOWN,
                                "A live view takes 'mode', 'expiresInMs', 'targetId' and 'guardrails', not "
                                        + Refusal.quote(name) + ".")
                        .at("/" + name));
    }

    private static Optional<Refusal> mode(JsonNode mode) {
        return isAbsent(mode) || (mode.isTextual() && MODES.contains(mode.textValue()))
                ? Optional.empty()
                : wrong("/mode", "'mode' must be devtools, tab or full.");
    }

    private static Optional<Refusal> expiry(JsonNode expiry) {
        return isAbsent(expiry)
                        || (expiry.canConvertToExactIntegral()
                                && expiry.longValue() >= SHORTEST
                                && expiry.longValue() <= LONGEST)
                ? Optional.empty()
                : wrong("/expiresInMs", "'expiresInMs' must be " + SHORTEST + "…" + LONGEST + " (1 to 60 minutes).");
    }

    private static Optional<Refusal> target(ObjectNode json) {
        var target = json.path("targetId");
        return isAbsent(target) || (target.isTextual() && target.textValue().matches("[0-9A-Za-z-]{1,64}"))
                ? Optional.empty()
                : wrong("/targetId", "'targetId' must be the id of one of the session's pages.");
    }

    private static Optional<Refusal> guardrails(ObjectNode json) {
        var guardrails = json.path("guardrails");
        return isAbsent(guardrails)
                        || (guardrails.isObject()
                                && guardrails.size() == 1
                                && guardrails.path("mode").asText().equals("readonly"))
                ? Optional.empty()
                : wrong("/guardrails", "A view's 'guardrails' can only be {\"mode\": \"readonly\"}.");
    }

    private static LiveViewAsk read(ObjectNode json) {
        return new LiveViewAsk(
                isAbsent(json.path("mode")) ? USUAL.mode : json.path("mode").textValue(),
                isAbsent(json.path("expiresInMs"))
                        ? USUAL.expiresIn
                        : Duration.ofMillis(json.path("expiresInMs").longValue()),
                json.path("targetId").textValue(),
                !isAbsent(json.path("guardrails")));
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static Optional<Refusal> wrong(String field, String detail) {
        return Optional.of(Refusal.of(Problem.FIELD_RANGE, detail).at(field));
    }
}
