package dev.hearth.cloudflare;

import dev.hearth.claim.Connections;
import dev.hearth.claim.Place;
import dev.hearth.claim.WantedTerms;
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

/**
 * What a new session is asked to be like. Pure.
 *
 * @param ignored what was sent and is not acted upon
 */
record AcquireQuery(
        WantedTerms terms,
        @Nullable String pool,
        @Nullable String region,
        @Nullable Place location,
        boolean targets,
        List<String> ignored) {
    static final long SHORTEST_KEEP_ALIVE = 10_000;
    static final long LONGEST_KEEP_ALIVE = 1_200_000;

    /** Cloudflare's own, where nothing was asked for. */
    private static final long USUAL_KEEP_ALIVE = 60_000;
    /** Cloudflare sets none: ours is the longest that a session of any face may last. */
    private static final Duration LIFETIME = Duration.ofHours(6);

    private static final Pattern NAME =
            Pattern.compile("([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/)?[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Set<String> ACTED_UPON = Set.of("keep_alive", "pool", "region", "targets", "browser");
    /** Between the client and itself. */
    private static final Set<String> CLIENTS_OWN = Set.of("persistent", "browser_binding");

    /** A session that can be claimed, or why not. */
    sealed interface Parsed {
        record Usable(AcquireQuery query) implements Parsed {}

        record Refused(Refusal refusal) implements Parsed {}
    }

    static Parsed parse(Map<String, List<String>> sent) {
        return problem(sent).<Parsed>map(Parsed.Refused::new).orElseGet(() -> new Parsed.Usable(read(sent)));
    }

    private static Optional<Refusal> problem(Map<String, List<String>> sent) {
        for (var parameter : sent.entrySet()) {
            if (parameter.getValue().size() > 1) {
                return refused("Query parameter " + Refusal.quote(parameter.getKey()) + " was sent twice.");
            }
            var wrong = problem(parameter.getKey(), parameter.getValue().getFirst());
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> problem(String name, String value) {
        return switch (name) {
            case "keep_alive" -> keepAlive(value);
            case "pool", "region" ->
                NAME.matcher(value).matches()
                        ? Optional.empty()
                        : Optional.of(Refusal.of(
                                Problem.NAME_FORMAT,
                                "Query parameter '" + name + "' must be an RFC 1123 label, 1…63 of [a-z0-9-]."));
            case "browser" ->
                value.equals("chrome") || value.equals("chromium")
                        ? Optional.empty()
                        : refused("Browser " + Refusal.quote(value)
                                + " is not served here; leave 'browser' out for Chrome.");
            default -> Optional.empty();
        };
    }

    private static Optional<Refusal> keepAlive(String value) {
        if (!value.matches("-?[0-9]{1,12}")) {
            return refused("Query parameter 'keep_alive' must be an integer of milliseconds.");
        }
        var millis = Long.parseLong(value);
        return millis >= SHORTEST_KEEP_ALIVE && millis <= LONGEST_KEEP_ALIVE
                ? Optional.empty()
                : Optional.of(Refusal.of(
                                Problem.FIELD_RANGE,
                                "'keep_alive' must be " + SHORTEST_KEEP_ALIVE + "…" + LONGEST_KEEP_ALIVE
                                        + " milliseconds (10 s to 20 min).")
                        .at("/keep_alive"));
    }

    private static AcquireQuery read(Map<String, List<String>> sent) {
        var asked = one(sent, "keep_alive");
        // Cloudflare documents neither the parameter nor its values: one that means nothing here is ignored, not
        // refused.
        var location = Optional.ofNullable(one(sent, "location")).flatMap(Locations::parse);
        var idle = Duration.ofMillis(asked == null ? USUAL_KEEP_ALIVE : Long.parseLong(asked));
        return new AcquireQuery(
                new WantedTerms(LIFETIME, idle, idle, null, true, Connections.EXCLUSIVE),
                one(sent, "pool"),
                one(sent, "region"),
                location.orElse(null),
                "true".equals(one(sent, "targets")),
                sent.entrySet().stream()
                        .filter(parameter ->
                                location.isEmpty() || !parameter.getKey().equals("location"))
                        .filter(parameter -> !ACTED_UPON.contains(parameter.getKey())
                                && !CLIENTS_OWN.contains(parameter.getKey())
                                && !parameter.getValue().getFirst().equals("false"))
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList());
    }

    private static @Nullable String one(Map<String, List<String>> sent, String name) {
        var values = sent.get(name);
        return values == null ? null : values.getFirst();
    }

    private static Optional<Refusal> refused(String detail) {
        return Optional.of(Refusal.of(Problem.QUERY_INVALID, detail));
    }
}
