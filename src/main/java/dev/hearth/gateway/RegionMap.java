package dev.hearth.gateway;

import dev.hearth.claim.Place;
import dev.hearth.claim.RegionOrder;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where regions are: as configured, else by the names that the well-known clouds gave theirs. */
final class RegionMap implements RegionOrder.Places {
    private static final Map<String, Place> WELL_KNOWN = Locations.table("regions.txt");

    private final Map<String, Place> places;

    /** @param configured values as {@code hearth.regions.locations} has them */
    RegionMap(Map<String, String> configured) {
        var all = new HashMap<>(WELL_KNOWN);
        configured.forEach((region, location) -> all.put(
                region,
                Locations.parse(location)
                        .orElseThrow(() -> new IllegalArgumentException("hearth.regions.locations." + region + " is "
                                + Refusal.quote(location) + "; it must be " + Locations.ALLOWED))));
        this.places = Map.copyOf(all);
    }

    @Override
    public @Nullable Place of(String region) {
        return places.get(region);
    }
}
