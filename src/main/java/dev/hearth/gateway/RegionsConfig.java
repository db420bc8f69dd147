package dev.hearth.gateway;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which region a claim goes to. Closed by default: where a client is, it says itself or nobody does. */
@ConfigMapping(prefix = "hearth.regions")
public interface RegionsConfig {
    /** Where regions are: {@code latitude,longitude} or a country. Names of the well-known clouds are known already. */
    Map<String, String> locations();

    /** A header with the client's country, or {@code latitude,longitude}, that a proxy before us sets or removes. */
    Optional<String> locationHeader();

    /** Two headers, of the client's latitude and longitude, as above; they are preferred to the country. */
    Optional<List<String>> coordinatesHeaders();

    /** Beats of a region that wait so long to be written send claims elsewhere. */
    @WithDefault("2s")
    Duration lagLimit();
}
