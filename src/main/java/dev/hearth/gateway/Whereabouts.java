package dev.hearth.gateway;

import dev.hearth.claim.Place;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a request says that it comes from, by headers that this gateway was told to trust; by default it trusts none.
 * What cannot be read counts as not sent: the client did not write it, and proxies have words for "unknown".
 */
public final class Whereabouts {
    private final Optional<String> location;
    private final List<String> coordinates;

    Whereabouts(Optional<String> location, Optional<List<String>> coordinates) {
        this.location = location;
        this.coordinates = coordinates.orElse(List.of());
        if (!this.coordinates.isEmpty() && this.coordinates.size() != 2) {
            throw new IllegalArgumentException("hearth.regions.coordinates-headers must name two headers, of the"
                    + " latitude and of the longitude, and names " + this.coordinates.size());
        }
    }

    public @Nullable Place of(RoutingContext context) {
        return of(context.request().headers());
    }

    @Nullable
    Place of(MultiMap headers) {
        return coordinates(headers)
                .or(() -> location.flatMap(name -> only(headers, name)).flatMap(Locations::parse))
                .orElse(null);
    }

    private Optional<Place> coordinates(MultiMap headers) {
        return coordinates.isEmpty()
                ? Optional.empty()
                : only(headers, coordinates.getFirst())
                        .flatMap(latitude -> only(headers, coordinates.getLast())
                                .flatMap(longitude -> Locations.parse(latitude, longitude)));
    }

    /** Of two values nobody knows which one the proxy wrote. */
    private static Optional<String> only(MultiMap headers, String name) {
        var values = headers.getAll(name);
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }
}
