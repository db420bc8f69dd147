package dev.hearth.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RegionOrderTest {
    private static final Place FRANKFURT = new Place(50.1, 8.7);
    private static final Place TOKYO = new Place(35.7, 139.7);
    private static final Map<String, Place> MAP =
            Map.of("eu", FRANKFURT, "eu-twin", FRANKFURT, "us", new Place(38.9, -77.4), "ap", new Place(1.3, 103.8));
    private static final List<String> REGIONS = List.of("us", "unplaced", "eu-twin", "ap", "eu", "another");

    @Test
    void measuresAlongTheGreatCircle() {
        assertThat(FRANKFURT.kilometresTo(new Place(51.5, -0.1))).isCloseTo(640, within(10.0));
        assertThat(new Place(0, 179).kilometresTo(new Place(0, -179))).isCloseTo(222, within(1.0));
        assertThat(new Place(90, 0).kilometresTo(new Place(-90, 0))).isCloseTo(20_015, within(1.0));
        assertThat(FRANKFURT.kilometresTo(FRANKFURT)).isZero();
    }

    @Test
    void thereIsNoPlaceOffTheGlobe() {
        assertThatThrownBy(() -> new Place(91, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Place(0, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ordersByTheClientsPlaceAndThoseWithoutOneLastByName() {
        assertThat(order("us", TOKYO)).containsExactly("ap", "eu", "eu-twin", "us", "another", "unplaced");
    }

    @Test
    void ofTwoAtOnePlaceTheOwnComesFirst() {
        assertThat(order("eu-twin", FRANKFURT)).startsWith("eu-twin", "eu");
        assertThat(order("us", FRANKFURT)).startsWith("eu", "eu-twin");
    }

    @Test
    void withoutAPlaceOfTheClientTheOwnRegionComesFirstThenWhatIsNearToIt() {
        assertThat(order("us", null)).containsExactly("us", "eu", "eu-twin", "ap", "another", "unplaced");
        assertThat(order("unplaced", null)).containsExactly("unplaced", "another", "ap", "eu", "eu-twin", "us");
    }

    @Test
    void saysWhyTheFirstIsFirst() {
        assertThat(of("us", TOKYO).reason("ap")).isEqualTo(Reason.NEAREST);
        assertThat(of("us", null).reason("us")).isEqualTo(Reason.OWN);
        assertThat(of("us", null).reason("eu")).isEqualTo(Reason.NEAREST);
        assertThat(of("unplaced", TOKYO).reason("unplaced")).isEqualTo(Reason.OWN);
        assertThat(of("unplaced", null).reason("eu")).isEqualTo(Reason.ANY);
    }

    @Test
    void saysWhatStoodInTheWay() {
        assertThat(Reason.of(Reason.OWN, "us", "us", true, true)).isEqualTo(Reason.OWN);
        assertThat(Reason.of(Reason.OWN, "us", "eu", true, true)).isEqualTo(Reason.FALLBACK_LAGGING);
        assertThat(Reason.of(Reason.OWN, "us", "eu", false, true)).isEqualTo(Reason.FALLBACK_UNAVAILABLE);
        assertThat(Reason.of(Reason.OWN, "us", "eu", false, false)).isEqualTo(Reason.FALLBACK_EMPTY);
        assertThat(Reason.FALLBACK_EMPTY.word()).isEqualTo("fallback-empty");
    }

    private static List<String> order(String own, @Nullable Place client) {
        return REGIONS.stream().sorted(of(own, client).nearestFirst()).toList();
    }

    private static RegionOrder of(String own, @Nullable Place client) {
        return new RegionOrder(own, client, MAP::get);
    }
}
