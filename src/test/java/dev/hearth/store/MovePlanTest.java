package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.store.MovePlan.Carry;
import dev.hearth.store.MovePlan.Clear;
import dev.hearth.store.MovePlan.Refuse;
import dev.hearth.store.MovePlan.Standing;
import dev.hearth.store.MovePlan.Undo;
import dev.hearth.store.MovePlan.Wish;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MovePlanTest {
    @Test
    void aRegionAtRestIsCarried() {
        assertThat(plan(at("main", null, null), "far", false)).isEqualTo(new Carry("main", "far"));
    }

    @Test
    void aMoveThatBrokeOffBeforeTheFlipIsCarriedAgainOrUndone() {
        assertThat(plan(at("main", "far", null), "far", false)).isEqualTo(new Carry("main", "far"));
        assertThat(plan(at("main", "far", null), "far", true)).isEqualTo(new Undo("main", "far"));
    }

    @Test
    void aMoveThatBrokeOffAfterTheFlipIsOnlyFinished() {
        assertThat(plan(at("far", null, "main"), "far", false)).isEqualTo(new Clear("main", "far"));
        assertThat(refusal(at("far", null, "main"), "far", true)).contains("too late to cancel");
        assertThat(refusal(at("far", null, "main"), "main", false)).contains("'far' is not finished");
    }

    @Test
    void aSecondMoveIsRefused() {
        assertThat(refusal(at("main", "far", null), "third", false)).contains("on its way to 'far'");
        assertThat(refusal(at("main", "far", null), "third", true)).contains("--to far --cancel");
    }

    @Test
    void whereNothingIsToBeDoneThatIsSaid() {
        assertThat(refusal(at("main", null, null), "main", false)).contains("already");
        assertThat(refusal(at("main", null, null), "far", true)).contains("not on its way");
        assertThat(refusal(at("main", null, null), "moon", false)).contains("name one of far, main, third");
    }

    private static Standing at(String database, @Nullable String movingTo, @Nullable String movedFrom) {
        return new Standing(0, database, movingTo, movedFrom);
    }

    private static MovePlan plan(Standing standing, String to, boolean cancel) {
        return MovePlan.of(standing, new Wish("eu", to, cancel), List.of("main", "far", "third"));
    }

    private static String refusal(Standing standing, String to, boolean cancel) {
        return ((Refuse) plan(standing, to, cancel)).why();
    }
}
