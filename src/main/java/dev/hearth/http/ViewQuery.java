package dev.hearth.http;

import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import dev.hearth.gateway.ViewTokens.Bound;
import dev.hearth.gateway.ViewTokens.View;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The query of {@code GET /v1/sessions/{id}/debug}. Pure. @param expiresIn null: with the session */
record ViewQuery(@Nullable Duration expiresIn, boolean readOnly) {
    private static final Duration LONGEST = Duration.ofSeconds(21_600);

    /** A query that can be used, or why not. */
    sealed interface Parsed {
        record Usable(ViewQuery query) implements Parsed {}

        record Refused(Refusal refusal) implements Parsed {}
    }

    static Parsed parse(MultiMap query) {
        for (var name : query.names()) {
            if (!Set.of("expiresIn", "readOnly").contains(name)
                    || query.getAll(name).size() > 1) {
                return refused("Query parameters here are 'expiresIn' and 'readOnly', each once.");
            }
        }
        var readOnly = query.get("readOnly");
        if (readOnly != null && !readOnly.equals("true") && !readOnly.equals("false")) {
            return refused("'readOnly' must be true or false.");
        }
        var expiresIn = query.get("expiresIn");
        if (expiresIn == null) {
            return new Parsed.Usable(new ViewQuery(null, Boolean.parseBoolean(readOnly)));
        }
        var seconds = expiresIn.matches("[0-9]{1,5}") ? Long.parseLong(expiresIn) : 0;
        return seconds >= 1 && seconds <= LONGEST.toSeconds()
                ? new Parsed.Usable(new ViewQuery(Duration.ofSeconds(seconds), Boolean.parseBoolean(readOnly)))
                : refused("'expiresIn' must be 1…" + LONGEST.toSeconds() + " seconds.");
    }

    /** Never longer than the session. */
    View view(Instant sessionEnds, Instant now) {
        var asked = now.plus(expiresIn == null ? LONGEST : expiresIn);
        return new View(readOnly, asked.isBefore(sessionEnds) ? asked : sessionEnds, Bound.WHOLE);
    }

    private static Parsed refused(String detail) {
        return new Parsed.Refused(Refusal.of(Problem.QUERY_INVALID, detail));
    }
}
