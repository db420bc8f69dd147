package dev.hearth.gateway;

import dev.hearth.claim.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads where somebody is: a country or coordinates. Pure, but for the tables beside this class. */
public final class Locations {
    public static final String ALLOWED =
            "a country (ISO 3166-1 alpha-2, like \"DE\") or \"latitude,longitude\" in degrees, like \"52.5,13.4\"";

    private static final Pattern DEGREES = Pattern.compile("[-+]?[0-9]{1,3}(\\.[0-9]{1,12})?");
    private static final Map<String, Place> COUNTRIES = table("countries.txt");

    private Locations() {}

    /** Empty for what is neither. */
    public static Optional<Place> parse(String text) {
        var comma = text.indexOf(',');
        return comma < 0
                ? Optional.ofNullable(COUNTRIES.get(text.toUpperCase(Locale.ROOT)))
                : parse(text.substring(0, comma), text.substring(comma + 1));
    }

    static Optional<Place> parse(String latitude, String longitude) {
        var north = latitude.strip();
        var east = longitude.strip();
        return DEGREES.matcher(north).matches() && DEGREES.matcher(east).matches()
                ? of(Double.parseDouble(north), Double.parseDouble(east))
                : Optional.empty();
    }

    /** Empty for what is not on the globe. */
    public static Optional<Place> of(double latitude, double longitude) {
        return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180
                ? Optional.of(new Place(latitude, longitude))
                : Optional.empty();
    }

    /** Lines of a name, a latitude and a longitude. */
    static Map<String, Place> table(String resource) {
        try (var in = Objects.requireNonNull(Locations.class.getResourceAsStream(resource), resource)) {
            var places = new HashMap<String, Place>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" ", -1))
                    .forEach(row ->
                            places.put(row[0], new Place(Double.parseDouble(row[1]), Double.parseDouble(row[2]))));
            return Map.copyOf(places);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
