package dev.hearth.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EgressRulesTest {
    private static final PageSettings PAGES = new PageSettings(null, null, "de-DE", null, false);
    private static final EgressRules RULES = new EgressRules(
            List.of("example.com", "*.test"),
            List.of(
                    new EgressRules.Route("bank.test", null),
                    new EgressRules.Route(null, new EgressRules.Proxy("p", 3128, "ann", "secret \"7\""))));

    @Test
    void travelBesideTheSettingsOfPages() {
        var both = header(EgressRules.settings(PAGES, RULES));
        assertThat(EgressRules.ofHeader(both)).isEqualTo(RULES);
        assertThat(PageSettings.ofHeader(both)).isEqualTo(PAGES);
        assertThat(EgressRules.ofHeader(header(EgressRules.settings(null, RULES))))
                .isEqualTo(RULES);
    }

    @Test
    void areNotThereWhereNobodyAsked() {
        assertThat(EgressRules.settings(null, EgressRules.NONE)).isNull();
        assertThat(EgressRules.ofHeader(header(EgressRules.settings(PAGES, EgressRules.NONE))))
                .isEqualTo(EgressRules.NONE);
    }

    @Test
    void anEmptyListOfDomainsStaysOne() {
        var nowhere = new EgressRules(List.of(), List.of());
        assertThat(EgressRules.ofHeader(header(EgressRules.settings(null, nowhere))))
                .isEqualTo(nowhere);
    }

    @Test
    void aLimitThatIsNotKnownIsNotDropped() {
        assertThatThrownBy(() -> EgressRules.ofHeader(PageSettings.header("{\"egress\":{\"new\":1}}")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EgressRules.ofHeader(PageSettings.header("{\"egress\":")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void wordsForPeopleHoldNoPassword() {
        assertThat(RULES.toString()).contains("example.com").doesNotContain("ann", "secret");
    }

    private static String header(@Nullable String settings) {
        return PageSettings.header(Objects.requireNonNull(settings));
    }
}
