package dev.hearth.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hearth.claim.Connections;
import dev.hearth.gateway.Bounds;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads typed fields and remembers the first that is wrong: read all, then look at {@link #refusal}. */
final class Fields {
    private static final Pattern NAME =
            Pattern.compile("([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/)?[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    private final ObjectNode json;
    private final String at;
    private @Nullable Refusal refusal;

    Fields(ObjectNode json) {
        this(json, "");
    }

    /** @param at the JSON pointer of {@code json} inside of the body */
    Fields(ObjectNode json, String at) {
        this.json = json;
        this.at = at;
    }

    /** The JSON pointer of a field. */
    String at(String field) {
        return at + "/" + field;
    }

    Optional<Refusal> refusal() {
        return Optional.ofNullable(refusal);
    }

    @Nullable
    String text(String field) {
        var value = value(field);
        if (value != null && !value.isTextual()) {
            wrongType(field, "a string");
            return null;
        }
        return value == null ? null : value.textValue();
    }

    /** An RFC 1123 label, after a namespace where {@code qualified}. */
    @Nullable
    String name(String field) {
        var text = text(field);
        if (text != null && !NAME.matcher(text).matches()) {
            refuse(Refusal.of(
                            Problem.NAME_FORMAT,
                            "'" + at + "/" + field + "' must be an RFC 1123 label, 1…63 of [a-z0-9-].")
                    .at(at + "/" + field));
        }
        return text;
    }

    @Nullable
    Boolean flag(String field) {
        var value = value(field);
        if (value != null && !value.isBoolean()) {
            wrongType(field, "true or false");
            return null;
        }
        return value == null ? null : value.booleanValue();
    }

    @Nullable
    Duration seconds(Bounds bounds) {
        var value = value(bounds.field());
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber()) {
            wrongType(bounds.field(), "an integer");
            return null;
        }
        if (!value.canConvertToLong()) {
            refuse(bounds.outOfRange());
            return null;
        }
        bounds.refuse(value.longValue()).ifPresent(this::refuse);
        return refusal == null ? Duration.ofSeconds(value.longValue()) : null;
    }

    @Nullable
    Integer integer(String field, int least, int most) {
        var value = value(field);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber()) {
            wrongType(field, "an integer");
            return null;
        }
        if (!value.canConvertToInt() || value.intValue() < least || value.intValue() > most) {
            refuse(Refusal.of(Problem.FIELD_RANGE, "'" + at + "/" + field + "' must be " + least + "…" + most + ".")
                    .at(at + "/" + field));
            return null;
        }
        return value.intValue();
    }

    /** @param right says what the pattern allows */
    @Nullable
    String matching(String field, Pattern pattern, String right) {
        var text = text(field);
        if (text != null && !pattern.matcher(text).matches()) {
            refuse(Refusal.of(Problem.FIELD_RANGE, "'" + at + "/" + field + "' must be " + right + ".")
                    .at(at + "/" + field));
            return null;
        }
        return text;
    }

    @Nullable
    Connections connections(String field) {
        var text = text(field);
        if (text == null) {
            return null;
        }
        return switch (text) {
            case "exclusive" -> Connections.EXCLUSIVE;
            case "shared" -> Connections.SHARED;
            default -> {
                refuse(Refusal.of(
                                Problem.FIELD_RANGE, "'" + at + "/" + field + "' must be \"exclusive\" or \"shared\".")
                        .at(at + "/" + field));
                yield null;
            }
        };
    }

    @Nullable
    ObjectNode object(String field) {
        var value = value(field);
        if (value instanceof ObjectNode object) {
            return object;
        }
        if (value != null) {
            wrongType(field, "an object");
        }
        return null;
    }

    void refuse(Refusal first) {
        refusal = refusal == null ? first : refusal;
    }

    /** Null for what is absent and for null alike. */
    @Nullable
    JsonNode value(String field) {
        var value = json.get(field);
        return value == null || value.isNull() ? null : value;
    }

    private void wrongType(String field, String right) {
        refuse(Refusal.of(Problem.FIELD_TYPE, "'" + at + "/" + field + "' must be " + right + ".")
                .at(at + "/" + field));
    }
}
