package dev.hearth.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.hearth.pool.BrowserState;
import dev.hearth.pool.BrowserView;
import dev.hearth.pool.PoolSnapshot;
import dev.hearth.testing.Aged;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Planner and executor together, over ten thousand random lives of a pool; and four wrong ones that this must notice. */
class SupplySimulationTest {
    private static final int SEQUENCES = 10_000;
    private static final int STEPS = 40;

    @Test
    void neverExceedsItsLimitsNeverTouchesAClaimedBrowserAndConverges() {
        var failed = firstFailure(Function.identity(), false, SEQUENCES);
        if (failed != null) {
            fail(failed);
        }
    }

    @Test
    void aPlannerThatCountsWhatTheCacheShowsIsCaught() {
        assertThat(firstFailure(only(view -> view.pod() != null), false, 500))
                .isNotNull()
                .containsAnyOf("above the limit", "unclaimed browsers for");
    }

    @Test
    void aPlannerThatForgetsClaimedBrowsersIsCaught() {
        assertThat(firstFailure(only(view -> view.row().state() != BrowserState.CLAIMED), false, 500))
                .isNotNull()
                .contains("above the limit");
    }

    @Test
    void aPlannerThatTakesOldBrowsersForYoungOnesIsCaught() {
        Function<PoolSnapshot, PoolSnapshot> young = snapshot -> new PoolSnapshot(
                snapshot.target(),
                snapshot.browsers().stream()
                        .map(view -> new BrowserView(
                                Aged.outdated(view.row(), false), view.pod(), view.missingSince(), view.seenBefore()))
                        .toList(),
                snapshot.backoff(),
                snapshot.now());
        assertThat(firstFailure(young, false, 500)).isNotNull().contains("leaves browsers that are too old");
    }

    @Test
    void anExecutorThatDoesNotAskWhetherItsRetirementWonIsCaught() {
        assertThat(firstFailure(Function.identity(), true, 500))
                .isNotNull()
                .contains("deletes the pod of a browser that is");
    }

    private static Function<PoolSnapshot, PoolSnapshot> only(Predicate<BrowserView> seen) {
        return snapshot -> new PoolSnapshot(
                snapshot.target(),
                snapshot.browsers().stream().filter(seen).toList(),
                snapshot.backoff(),
                snapshot.now());
    }

    private static @org.jspecify.annotations.Nullable String firstFailure(
            Function<PoolSnapshot, PoolSnapshot> mutation, boolean blindRetire, int sequences) {
        for (var seed = 0L; seed < sequences; seed++) {
            try {
                new Simulation(seed, mutation, blindRetire).run(STEPS);
            } catch (SimulatedPods.Broken broken) {
                return "seed " + seed + ": " + broken.getMessage();
            }
        }
        return null;
    }
}
