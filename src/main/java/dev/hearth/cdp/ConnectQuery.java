package dev.hearth.cdp;

import dev.hearth.claim.Place;
import dev.hearth.claim.WantedTerms;
import dev.hearth.gateway.Bounds;
import dev.hearth.gateway.Locations;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a connecting client put into its URL besides its credential. Pure. */
record ConnectQuery(
        @Nullable String sessionId,
        @Nullable String projectId,
        @Nullable String pool,
        @Nullable String region,
        @Nullable Place location,
        WantedTerms terms,
        Duration waitTimeout,
        boolean takeover) {
    static final Set<String> KNOWN = Set.of(
            "apiKey",
            "token",
            "sessionId",
            "projectId",
            "pool",
            "region",
            "location",
            "timeout",
            "keepAlive",
            "waitTimeout",
            "takeover");

    private static final Pattern NAME =
            Pattern.compile("([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/)?[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    /** A query that can be used, or why not. */
    sealed interface Parsed {
        record Usable(ConnectQuery query) implements Parsed {}

        record Refused(Refusal refusal) implements Parsed {}
    }

    static Parsed parse(Map<String, List<String>> parameters) {
        return problem(parameters)
                .<Parsed>map(Parsed.Refused::new)
                .orElseGet(() -> new Parsed.Usable(read(parameters)));
    }

    private static Optional<Refusal> problem(Map<String, List<String>> parameters) {
        for (var parameter : parameters.entrySet()) {
            var name = parameter.getKey();
            if (!KNOWN.contains(name)) {
                return refused("Query parameter " + Refusal.quote(name) + " is not known; known: "
                        + String.join(", ", KNOWN.stream().sorted().toList()) + ".");
            }
            if (parameter.getValue().size() > 1) {
                return refused("Query parameter '" + name + "' was sent twice.");
            }
            var wrong = valueProblem(name, parameter.getValue().getFirst());
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> valueProblem(String name, String value) {
        return switch (name) {
            case "timeout" -> secondsProblem(name, value, Bounds.TIMEOUT);
            case "waitTimeout" -> secondsProblem(name, value, Bounds.WAIT_TIMEOUT);
            case "keepAlive", "takeover" ->
                value.equals("true") || value.equals("false")
                        ? Optional.empty()
                        : refused("Query parameter '" + name + "' must be true or false.");
            case "pool", "region" ->
                NAME.matcher(value).matches()
                        ? Optional.empty()
                        : Optional.of(Refusal.of(
                                Problem.NAME_FORMAT,
                                "Query parameter '" + name + "' must be an RFC 1123 label, 1…63 of [a-z0-9-]."));
            case "location" ->
                Locations.parse(value).isPresent()
                        ? Optional.empty()
                        : Optional.of(Refusal.of(
                                Problem.FIELD_RANGE, "Query parameter 'location' must be " + Locations.ALLOWED + "."));
            default -> Optional.empty();
        };
    }

    private static Optional<Refusal> secondsProblem(String name, String value, Bounds bounds) {
        return value.matches("-?[0-9]{1,9}")
                ? bounds.refuse(Long.parseLong(value))
                : refused("Query parameter '" + name + "' must be an integer.");
    }

    private static ConnectQuery read(Map<String, List<String>> parameters) {
        var timeout = one(parameters, "timeout");
        var wait = one(parameters, "waitTimeout");
        var location = one(parameters, "location");
        var keepAlive = one(parameters, "keepAlive");
        var terms = new WantedTerms(
                timeout == null ? null : Duration.ofSeconds(Long.parseLong(timeout)),
                null,
                null,
                null,
                // Who creates by connecting has no session id to come back with: unless asked otherwise, it ends with
                // him.
                Boolean.valueOf(keepAlive),
                null);
        return new ConnectQuery(
                one(parameters, "sessionId"),
                one(parameters, "projectId"),
                one(parameters, "pool"),
                one(parameters, "region"),
                location == null ? null : Locations.parse(location).orElse(null),
                terms,
                Duration.ofSeconds(wait == null ? 0 : Long.parseLong(wait)),
                Boolean.parseBoolean(one(parameters, "takeover")));
    }

    private static @Nullable String one(Map<String, List<String>> parameters, String name) {
        var values = parameters.get(name);
        return values == null ? null : values.getFirst();
    }

    private static Optional<Refusal> refused(String detail) {
        return Optional.of(Refusal.of(Problem.QUERY_INVALID, detail));
    }
}
