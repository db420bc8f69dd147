package dev.hearth.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.claim.Place;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocationsTest {
    private static final Place BERLIN = new Place(52.5, 13.4);

    @Test
    void everyCountryHasAPlace() {
        for (var country : Locale.getISOCountries()) {
            assertThat(Locations.parse(country)).as(country).isPresent();
        }
    }

    @Test
    void readsCountriesAndCoordinates() {
        assertThat(Locations.parse("de")).isEqualTo(Locations.parse("DE"));
        assertThat(Locations.parse("52.5,13.4")).contains(BERLIN);
        assertThat(Locations.parse("-33.9, +18.4")).contains(new Place(-33.9, 18.4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "XX", "T1", "Germany", "91,0", "0,181", "1,2,3", "NaN,0", "1e1,0", ",", "0x1,2"})
    void refusesTheRest(String text) {
        assertThat(Locations.parse(text)).isEmpty();
    }

    @Test
    void regionsOfWellKnownNamesHaveAPlaceAndConfiguredOnesTheirs() {
        assertThat(new RegionMap(Map.of()).of("eu-central-1")).isEqualTo(new Place(50.1, 8.7));
        for (var name :
                List.of("us-east-1", "us-west-2", "ap-southeast-1", "europe-west1", "eu-west", "us", "westeurope")) {
            assertThat(new RegionMap(Map.of()).of(name)).as(name).isNotNull();
        }
        assertThat(new RegionMap(Map.of()).of("basement")).isNull();
        assertThat(new RegionMap(Map.of("basement", "52.5,13.4", "us", "DE")).of("basement"))
                .isEqualTo(BERLIN);
        assertThat(new RegionMap(Map.of("us", "DE")).of("us"))
                .isEqualTo(Locations.parse("DE").orElseThrow());
        assertThatThrownBy(() -> new RegionMap(Map.of("us", "Mars")))
                .hasMessageStartingWith("hearth.regions.locations.us is 'Mars'; it must be a country");
    }

    @Test
    void noHeaderIsTrustedUntilItIsNamed() {
        var headers = headers("CF-IPCountry", "DE");
        assertThat(whereabouts(null).of(headers)).isNull();
        assertThat(whereabouts("Other").of(headers)).isNull();
        assertThat(whereabouts("cf-ipcountry").of(headers))
                .isEqualTo(Locations.parse("DE").orElseThrow());
    }

    @Test
    void whatAProxyDoesNotKnowOrSaysTwiceIsNotKnown() {
        assertThat(whereabouts("CF-IPCountry").of(headers("CF-IPCountry", "XX")))
                .isNull();
        assertThat(whereabouts("CF-IPCountry").of(headers("CF-IPCountry", "DE", "CF-IPCountry", "JP")))
                .isNull();
    }

    @Test
    void coordinatesAreMorePreciseThanTheCountry() {
        var both = new Whereabouts(Optional.of("country"), Optional.of(List.of("lat", "lon")));
        assertThat(both.of(headers("country", "JP", "lat", "52.5", "lon", "13.4")))
                .isEqualTo(BERLIN);
        assertThat(both.of(headers("country", "JP", "lat", "52.5")))
                .isEqualTo(Locations.parse("JP").orElseThrow());
        assertThatThrownBy(() -> new Whereabouts(Optional.empty(), Optional.of(List.of("lat"))))
                .hasMessageContaining("must name two headers");
    }

    private static Whereabouts whereabouts(@Nullable String header) {
        return new Whereabouts(Optional.ofNullable(header), Optional.empty());
    }

    private static MultiMap headers(String... namesAndValues) {
        var headers = MultiMap.caseInsensitiveMultiMap();
        for (var n = 0; n < namesAndValues.length; n += 2) {
            headers.add(namesAndValues[n], namesAndValues[n + 1]);
        }
        return headers;
    }
}
