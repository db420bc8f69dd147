package dev.hearth.claim;

/** A point on the globe, in degrees. */
public record Place(double latitude, double longitude) {
    private static final double EARTH_RADIUS = 6_371;

    public Place {
        if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) {
            throw new IllegalArgumentException("latitude is -90…90 and longitude -180…180 degrees");
        }
    }

    /** Along the great circle. */
    public double kilometresTo(Place other) {
        var north = Math.toRadians(other.latitude - latitude) / 2;
        var east = Math.toRadians(other.longitude - longitude) / 2;
        var chord = Math.pow(Math.sin(north), 2)
                + Math.cos(Math.toRadians(latitude))
                        * Math.cos(Math.toRadians(other.latitude))
                        * Math.pow(Math.sin(east), 2);
        return 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(chord)));
    }
}
