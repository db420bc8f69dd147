package dev.hearth.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Which strings are let in: no control characters (Postgres takes no NUL), no half surrogates, nothing that turns text round. */
final class Strings {
    private Strings() {}

    /** The JSON pointer of the first key or value that is not allowed. */
    static Optional<String> firstInvalid(JsonNode json) {
        return firstInvalid("", json);
    }

    static Refusal invalid(String pointer) {
        return Refusal.of(
                        Problem.STRING_INVALID,
                        "Strings may not hold control characters, lone surrogates or text-direction overrides.")
                .at(pointer);
    }

    private static Optional<String> firstInvalid(String pointer, JsonNode json) {
        if (json.isTextual()) {
            return allowed(json.textValue()) ? Optional.empty() : Optional.of(pointer);
        }
        if (json.isArray()) {
            return IntStream.range(0, json.size())
                    .mapToObj(i -> firstInvalid(pointer + "/" + i, json.get(i)))
                    .flatMap(Optional::stream)
                    .findFirst();
        }
        return json.properties().stream()
                .map(field -> ofField(pointer, field))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> ofField(String pointer, Map.Entry<String, JsonNode> field) {
        // A key that is not allowed is not shown either: the pointer names its object.
        return allowed(field.getKey())
                ? firstInvalid(pointer + "/" + field.getKey().replace("~", "~0").replace("/", "~1"), field.getValue())
                : Optional.of(pointer);
    }

    private static boolean allowed(String text) {
        for (var i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (!allowed(text.codePointAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean allowed(int c) {
        return !(Character.isISOControl(c)
                || (c >= 0xD800 && c <= 0xDFFF)
                || (c >= 0x202A && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069));
    }
}
