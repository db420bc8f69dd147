package dev.hearth.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Reads a body as one JSON object, more strictly than JSON itself: what can be read in two ways is refused. Pure. */
final class JsonBody {
    private static final int DEEPEST = 32;

    private static final JsonMapper MAPPER = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private JsonBody() {}

    /** A body, or why it is none. */
    sealed interface Read {
        record Body(ObjectNode json) implements Read {}

        record Refused(Refusal refusal) implements Read {}
    }

    static Read read(byte[] bytes) {
        try {
            var json = bytes.length == 0 ? null : MAPPER.readTree(bytes);
            if (!(json instanceof ObjectNode object)) {
                return refused(Problem.BODY_NOT_OBJECT, "The body must be a JSON object; send {} for defaults.");
            }
            return Strings.firstInvalid(object)
                    .<Read>map(where -> new Read.Refused(Strings.invalid(where)))
                    .orElseGet(() -> new Read.Body(object));
        } catch (StreamConstraintsException tooMuch) {
            return tooMuch.getMessage() != null && tooMuch.getMessage().contains("nesting")
                    ? refused(Problem.JSON_DEPTH, "JSON may be nested " + DEEPEST + " deep at most.")
                    : refused(Problem.FIELD_RANGE, "A number, name or string is too long.");
        } catch (JsonProcessingException malformed) {
            return refusal(malformed);
        } catch (IOException malformed) {
            return refused(Problem.JSON_SYNTAX, "The body is not UTF-8 JSON.");
        }
    }

    private static Read refusal(JsonProcessingException malformed) {
        var at = malformed.getLocation();
        var where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        var message = malformed.getOriginalMessage();
        return message != null && message.startsWith("Duplicate field")
                ? refused(Problem.JSON_DUPLICATE_KEY, "A key appears twice" + where + ".")
                : refused(Problem.JSON_SYNTAX, "The body is not JSON" + where + ".");
    }

    /** The same text for the same meaning: keys in order, no white space. */
    static String canonical(JsonNode json) {
        try {
            return MAPPER.writeValueAsString(sorted(json));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static String text(JsonNode json) {
        return json.toString();
    }

    private static JsonNode sorted(JsonNode json) {
        if (!(json instanceof ObjectNode object)) {
            return json;
        }
        Map<String, JsonNode> fields = new TreeMap<>();
        object.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
        var result = MAPPER.createObjectNode();
        fields.forEach(result::set);
        return result;
    }

    private static Read refused(Problem problem, String detail) {
        return new Read.Refused(Refusal.of(problem, detail));
    }
}
