package dev.hearth.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.Directory.Pool;
import dev.hearth.claim.Directory.Share;
import dev.hearth.claim.PoolChoice.Choice;
import dev.hearth.testing.FakeStore;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TrafficTest {
    private static final int MANY = 10_000;

    @Test
    void aCanaryOfFiveInAHundredServesFivePercentOfTheProjects() {
        assertThat(firstIs("canary", pool("stable", share(95)), pool("canary", share(5))))
                .isBetween(430, 570);
    }

    @Test
    void aPoolWithoutAWeightHasTheWholeOfItBesideOneThatHas() {
        assertThat(firstIs("canary", pool("stable", null), pool("canary", share(25))))
                .isBetween(1_880, 2_120);
    }

    @Test
    void threePoolsShareByTheirWeights() {
        var pools = new Pool[] {pool("a", share(20)), pool("b", share(30)), pool("c", share(50))};
        assertThat(firstIs("a", pools)).isBetween(1_850, 2_150);
        assertThat(firstIs("b", pools)).isBetween(2_850, 3_150);
    }

    @Test
    void whatIsFirstAnswersAloneAndTheOthersFollow() {
        assertThat(order("shop", "1", pool("stable", share(95)), pool("canary", share(5))))
                .containsExactlyInAnyOrder("stable", "canary");
    }

    @Test
    void aProjectStaysWhereItIs() {
        var before = pool("canary", share(5));
        for (var n = 0; n < 100; n++) {
            assertThat(order("shop-7", "claim-" + n, pool("stable", share(95)), before))
                    .isEqualTo(order("shop-7", "first", before, pool("stable", share(95))));
        }
    }

    @Test
    void aLargerCanaryTakesProjectsAndGivesNoneBack() {
        for (var n = 0; n < 1_000; n++) {
            var small = order("shop-" + n, "1", pool("stable", share(95)), pool("canary", share(5)));
            var large = order("shop-" + n, "1", pool("stable", share(95)), pool("canary", share(50)));
            assertThat(small.getFirst().equals("canary") && large.getFirst().equals("stable"))
                    .isFalse();
        }
    }

    @Test
    void byClaimTheWeightsHoldForOneProjectAlone() {
        var pools = new Pool[] {pool("stable", share(95)), pool("canary", new Share(5, true))};
        var canary = IntStream.range(0, MANY)
                .filter(n -> order("shop", "claim-" + n, pools).getFirst().equals("canary"))
                .count();
        assertThat(canary).isBetween(430L, 570L);
        assertThat(order("shop", "same", pools)).isEqualTo(order("shop", "same", pools));
    }

    @Test
    void aPoolOfWeightZeroComesLast() {
        assertThat(firstIs("a-spare", pool("a-spare", share(0)), pool("b", share(1))))
                .isZero();
        assertThat(order("shop", "1", pool("a", share(0)), pool("b", share(0)))).containsExactly("a", "b");
    }

    @Test
    void withoutAnyWeightTheyAreAskedByName() {
        for (var n = 0; n < 100; n++) {
            assertThat(order("shop-" + n, "1", pool("b", null), pool("a", null)))
                    .containsExactly("a", "b");
        }
    }

    @Test
    void weightsDoNotReachOverRegionsNorFromOwnPoolsToOpenedOnes() {
        var own = pool("own", share(0));
        var opened = pool("other", "opened", share(100));
        assertThat(order("team", "1", opened, own)).startsWith("own");
    }

    @Test
    void weightsDoNotReachOverNamespaces() {
        for (var n = 0; n < 100; n++) {
            var first = pool("a", "plain", null);
            var order =
                    order("team", "claim-" + n, pool("b", "canary", new Share(5, true)), pool("b", "web", null), first);
            assertThat(order).startsWith("plain");
        }
    }

    @Test
    void poolsOfALaggingRegionComeLastAndNoneIsLost() {
        var far = new Pool(UUID.randomUUID(), "team", "far", "us", List.of(), List.of(), FakeStore.TERMS, true, null);
        var near = pool("near", null);
        var among = new Choice.Among(List.of(near, far), Reason.OWN);
        assertThat(among.without(Set.of("eu"))).containsExactly(far, near);
        assertThat(among.without(Set.of("eu", "us"))).containsExactly(near, far);
        assertThat(among.without(Set.of())).containsExactly(near, far);
    }

    private static int firstIs(String name, Pool... pools) {
        return (int) IntStream.range(0, MANY)
                .filter(n -> order("project-" + n, "1", pools).getFirst().equals(name))
                .count();
    }

    /** As the whole choice orders them, of a region that was asked for. */
    private static List<String> order(String project, String claim, Pool... pools) {
        var wish = new PoolChoice.Wish(project, null, "eu", RegionOrder.around("eu"), claim, false);
        var mine = Arrays.stream(pools)
                .sorted(Comparator.comparing(Pool::name).reversed())
                .toList();
        return ((Choice.Among) PoolChoice.choose(mine, wish))
                .pools().stream().map(Pool::name).toList();
    }

    private static Share share(int weight) {
        return new Share(weight, false);
    }

    private static Pool pool(String name, @Nullable Share share) {
        return pool("team", name, share);
    }

    private static Pool pool(String namespace, String name, @Nullable Share share) {
        return new Pool(
                UUID.randomUUID(),
                namespace,
                name,
                "eu",
                List.of("*"),
                List.of(),
                FakeStore.TERMS,
                true,
                null,
                false,
                share);
    }
}
