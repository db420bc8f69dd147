package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.agent.EgressPolicy.Way;
import dev.hearth.wire.EgressRules;
import dev.hearth.wire.EgressRules.Proxy;
import dev.hearth.wire.EgressRules.Route;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EgressPolicyTest {
    private static final Proxy ONE = new Proxy("one", 1, null, null);
    private static final Proxy TWO = new Proxy("two", 2, null, null);

    @Test
    void nothingPassesBeforeASession() {
        assertThat(EgressPolicy.way(null, "example.com"))
                .isInstanceOfSatisfying(
                        Way.Refused.class, refused -> assertThat(refused.rule()).isEqualTo("no-session"));
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com, true",
        "example.com, EXAMPLE.COM., true",
        "example.com, a.b.example.com, true",
        "example.com, notexample.com, false",
        "example.com, example.com.evil.test, false",
        "example.com, com, false",
        "*.example.com, a.example.com, true",
        "*.example.com, example.com, false",
        "*.example.com, evilexample.com, false",
        "=example.com, example.com, true",
        "=example.com, a.example.com, false",
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 1.127.0.0.1.evil.test, false",
    })
    void aDomainHoldsForItselfAndItsSubdomains(String domain, String host, boolean allowed) {
        var rules = new EgressRules(List.of("other.test", domain), List.of());
        var way = EgressPolicy.way(rules, host);
        assertThat(way instanceof Way.Direct).isEqualTo(allowed);
        if (way instanceof Way.Refused(var rule, var _)) {
            assertThat(rule).isEqualTo("allowed-domains");
        }
    }

    @Test
    void anEmptyListAllowsNothing() {
        assertThat(EgressPolicy.way(new EgressRules(List.of(), List.of()), "example.com"))
                .isInstanceOf(Way.Refused.class);
    }

    @Test
    void theFirstRouteThatFitsWins() {
        var rules = new EgressRules(
                null,
                List.of(
                        new Route("bank.test", null),
                        new Route("*.shop.test", ONE),
                        new Route("a*z.test", ONE),
                        new Route(null, TWO)));
        assertThat(EgressPolicy.way(rules, "www.bank.test")).isEqualTo(new Way.Direct());
        assertThat(EgressPolicy.way(rules, "eu.shop.test")).isEqualTo(new Way.Through(ONE));
        assertThat(EgressPolicy.way(rules, "shop.test")).isEqualTo(new Way.Through(TWO));
        assertThat(EgressPolicy.way(rules, "abcz.test")).isEqualTo(new Way.Through(ONE));
        assertThat(EgressPolicy.way(rules, "abc.test")).isEqualTo(new Way.Through(TWO));
    }

    @Test
    void whereNoRouteFitsTheBrowserGoesDirectly() {
        var rules = new EgressRules(null, List.of(new Route("shop.test", ONE)));
        assertThat(EgressPolicy.way(rules, "example.com")).isEqualTo(new Way.Direct());
    }

    @Test
    void aRouteOpensNoDomain() {
        var rules = new EgressRules(List.of("shop.test"), List.of(new Route(null, ONE)));
        assertThat(EgressPolicy.way(rules, "example.com")).isInstanceOf(Way.Refused.class);
    }

    @Test
    void manyStarsTakeNoTime() {
        var rules = new EgressRules(null, List.of(new Route("*a".repeat(100) + "b", ONE)));
        assertThat(EgressPolicy.way(rules, "a".repeat(250))).isEqualTo(new Way.Direct());
    }
}
