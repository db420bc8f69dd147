package dev.hearth.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.Directory.Pool;
import dev.hearth.claim.PoolChoice.Choice;
import dev.hearth.claim.PoolChoice.Wish;
import dev.hearth.testing.Answers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PoolChoiceTest {
    private static final SessionTerms TERMS = new SessionTerms(
            Duration.ofMinutes(5),
            Duration.ofMinutes(1),
            Duration.ofMinutes(2),
            Duration.ofSeconds(30),
            true,
            Connections.EXCLUSIVE);

    private final Pool eu = pool("a", "eu", "eu-west", List.of(), List.of("us-east", "nowhere"));
    private final Pool eu2 = pool("a", "eu2", "eu-west", List.of(), List.of());
    private final Pool us = pool("a", "us", "us-east", List.of(), List.of());
    private final Pool opened = pool("b", "us", "us-east", List.of("a"), List.of());
    private final Pool foreign = pool("b", "asia", "ap-south", List.of(), List.of());
    private final Pool open = pool("c", "open", "eu-west", List.of("*"), List.of());
    private final List<Pool> all = List.of(open, foreign, opened, us, eu2, eu);

    @Test
    void takesTheGatewaysOwnRegionFirstThenOthersByName() {
        assertThat(among(null, null, "us-east")).containsExactly(us, opened, eu, eu2, open);
        assertThat(among(null, null, "eu-west")).containsExactly(eu, eu2, open, us, opened);
        assertThat(among(null, null, "elsewhere")).containsExactly(eu, eu2, open, us, opened);
    }

    @Test
    void staysInTheRegionThatWasAskedForButForItsPoolsFallbacks() {
        assertThat(among(null, "us-east", "eu-west")).containsExactly(us, opened);
        assertThat(among(null, "eu-west", "us-east")).containsExactly(eu, eu2, open, us, opened);
    }

    @Test
    void takesTheNamedPoolAndItsFallbacksOnly() {
        assertThat(among("eu", null, "us-east")).containsExactly(eu, us, opened);
        assertThat(among("eu2", null, "us-east")).containsExactly(eu2);
        assertThat(among("b/us", null, "x")).containsExactly(opened);
        assertThat(among("us", "us-east", "x")).containsExactly(us);
    }

    @Test
    void refusesWithoutShowingWhatIsNotTheProjects() {
        assertThat(choose("asia", null)).isEqualTo(new Choice.PoolUnknown());
        assertThat(choose("nosuch", null)).isEqualTo(new Choice.PoolUnknown());
        assertThat(choose(null, "ap-south")).isEqualTo(new Choice.RegionUnknown(List.of("eu-west", "us-east")));
        assertThat(choose("eu", "us-east")).isEqualTo(new Choice.PoolElsewhere("eu-west"));
        assertThat(PoolChoice.choose(List.of(foreign), wish(null, null, "x"))).isEqualTo(new Choice.PoolUnknown());
    }

    @Test
    @Answers("gitlab-qa!1201")
    void settlesTermsFromRequestPoolAndProjectInThatOrder() {
        var project = new Directory.Project("a", null, Duration.ofMinutes(20));
        var silent = new Directory.Project("a", null, null);
        var asked = new WantedTerms(Duration.ofMinutes(1), Duration.ZERO, null, null, false, Connections.SHARED);
        assertThat(asked.settle(eu, project))
                .isEqualTo(new SessionTerms(
                        Duration.ofMinutes(1),
                        null,
                        TERMS.connectTimeout(),
                        TERMS.reconnectWindow(),
                        false,
                        Connections.SHARED));
        assertThat(WantedTerms.NONE.settle(eu, project).timeout()).isEqualTo(Duration.ofMinutes(20));
        assertThat(WantedTerms.NONE.settle(eu, silent)).isEqualTo(TERMS);
        var stubborn = new Pool(UUID.randomUUID(), "a", "x", "r", List.of(), List.of(), TERMS, false, null);
        assertThat(WantedTerms.NONE.settle(stubborn, project)).isEqualTo(TERMS);
    }

    @Test
    void whatNeedsAGuardGoesToGuardedPoolsOnly() {
        var safe = new Pool(
                UUID.randomUUID(), "a", "safe", "us-east", List.of(), List.of(), TERMS, true, null, true, null);
        var with = java.util.stream.Stream.concat(all.stream(), java.util.stream.Stream.of(safe))
                .toList();
        assertThat(PoolChoice.choose(with, guarded(null, null))).isEqualTo(new Choice.Among(List.of(safe), Reason.ANY));
        assertThat(PoolChoice.choose(with, guarded("eu", null))).isEqualTo(new Choice.NoneGuarded());
        assertThat(PoolChoice.choose(with, guarded(null, "eu-west"))).isEqualTo(new Choice.NoneGuarded());
        assertThat(PoolChoice.choose(all, guarded(null, null))).isEqualTo(new Choice.NoneGuarded());
        assertThat(PoolChoice.choose(with, guarded("nosuch", null))).isEqualTo(new Choice.PoolUnknown());
        assertThat(PoolChoice.choose(with, guarded(null, "mars"))).isInstanceOf(Choice.RegionUnknown.class);
    }

    private List<Pool> among(@Nullable String pool, @Nullable String region, String own) {
        var choice = PoolChoice.choose(all, wish(pool, region, own));
        assertThat(choice).isInstanceOf(Choice.Among.class);
        return ((Choice.Among) choice).pools();
    }

    private static Wish wish(@Nullable String pool, @Nullable String region, String own) {
        return new Wish("a", pool, region, RegionOrder.around(own), "1", false);
    }

    private static Wish guarded(@Nullable String pool, @Nullable String region) {
        return new Wish("a", pool, region, RegionOrder.around("eu-west"), "1", true);
    }

    private Choice choose(@Nullable String pool, @Nullable String region) {
        return PoolChoice.choose(all, wish(pool, region, "eu-west"));
    }

    private static Pool pool(
            String namespace, String name, String region, List<String> allowed, List<String> fallbacks) {
        return new Pool(UUID.randomUUID(), namespace, name, region, allowed, fallbacks, TERMS, true, null);
    }
}
