package dev.hearth.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hearth.claim.Place;
import dev.hearth.gateway.Locations;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads where a client says that it is: a text, or an object of two numbers. Pure. */
final class LocationField {
    private static final String FIELD = "location";
    private static final String AT = "/" + FIELD;

    private LocationField() {}

    /** Null where nothing is said. What is wrong is told to {@code body}. */
    static @Nullable Place read(Fields body) {
        return switch (body.value(FIELD)) {
            case null -> null;
            case ObjectNode object -> read(object, body);
            case JsonNode text when text.isTextual() -> orRefused(Locations.parse(text.textValue()), body);
            default -> {
                body.refuse(
                        Refusal.of(Problem.FIELD_TYPE, "'" + AT + "' must be a string, or an object of two numbers.")
                                .at(AT));
                yield null;
            }
        };
    }

    private static @Nullable Place read(ObjectNode object, Fields body) {
        var latitude = object.path("latitude");
        var longitude = object.path("longitude");
        if (!latitude.isNumber() || !longitude.isNumber() || object.size() != 2) {
            body.refuse(Refusal.of(
                            Problem.FIELD_TYPE,
                            "'" + AT + "' must have the numbers 'latitude' and 'longitude' and nothing else.")
                    .at(AT));
            return null;
        }
        return orRefused(Locations.of(latitude.doubleValue(), longitude.doubleValue()), body);
    }

    private static @Nullable Place orRefused(Optional<Place> place, Fields body) {
        if (place.isEmpty()) {
            body.refuse(Refusal.of(Problem.FIELD_RANGE, "'" + AT + "' must be " + Locations.ALLOWED + ".")
                    .at(AT));
        }
        return place.orElse(null);
    }
}
