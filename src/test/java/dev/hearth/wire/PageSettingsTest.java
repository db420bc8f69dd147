package dev.hearth.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PageSettingsTest {
    private static final PageSettings ALL =
            new PageSettings(new PageSettings.Viewport(800, 600), "Agent \"7\"", "de-DE", "Asia/Tokyo", true);

    @Test
    void comesBackFromItsHeader() {
        assertThat(PageSettings.ofHeader(PageSettings.header(ALL.json()))).isEqualTo(ALL);
        var none = new PageSettings(null, null, null, null, false);
        assertThat(none.isNone()).isTrue();
        assertThat(PageSettings.ofHeader(PageSettings.header(none.json()))).isEqualTo(none);
    }

    @Test
    void skipsWhatANewerGatewaySays() {
        assertThat(PageSettings.ofHeader(PageSettings.header("{\"new\":{\"a\":[1]},\"locale\":\"fr\"}")))
                .isEqualTo(new PageSettings(null, null, "fr", null, false));
    }

    @Test
    void refusesWhatIsNoneOfOurs() {
        assertThatThrownBy(() -> PageSettings.ofHeader("%%%")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PageSettings.ofHeader(PageSettings.header("{\"width\":")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
