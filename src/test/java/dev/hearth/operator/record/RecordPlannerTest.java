package dev.hearth.operator.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.operator.record.RecordPlanner.SessionRecord;
import dev.hearth.operator.record.RecordPlanner.Snapshot;
import dev.hearth.operator.record.RecordPlanner.Step;
import dev.hearth.testing.FakeStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordPlannerTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final RecordPlanner planner = new RecordPlanner(Duration.ofMinutes(10), 3);

    @Test
    void recordsWhatLivesFinishesWhatEndedAndRemovesWhatIsOld() {
        var fresh = session(1, null);
        var over = session(2, EndReason.IDLE);
        var known = session(3, null);
        var records = List.of(
                record(2, null),
                record(3, null),
                record(4, NOON.minus(Duration.ofMinutes(11))),
                record(5, NOON.minus(Duration.ofMinutes(9))));

        var plan =
                planner.plan(new Snapshot(List.of(fresh, known), records, Map.of(over.id(), over), Set.of()), 20, NOON);

        assertThat(plan.steps())
                .containsExactly(
                        new Step.Finish(records.get(0), over), new Step.Create(fresh), new Step.Remove(records.get(2)));
        assertThat(plan.shed()).isEmpty();
    }

    @Test
    void aRecordWhoseSessionHasNoHistoryLeftIsFinishedToo() {
        var plan = planner.plan(new Snapshot(List.of(), List.of(record(2, null)), Map.of(), Set.of()), 20, NOON);
        assertThat(plan.steps()).containsExactly(new Step.Finish(record(2, null), null));
    }

    @Test
    void writesNoMoreThanItMayAndEndsBeforeBeginnings() {
        var over = session(9, EndReason.RELEASED);
        var snapshot = new Snapshot(
                List.of(session(1, null), session(2, null), session(3, null)),
                List.of(record(9, null)),
                Map.of(over.id(), over),
                Set.of());

        assertThat(planner.plan(snapshot, 4, NOON).steps())
                .containsExactly(new Step.Finish(record(9, null), over), new Step.Create(session(1, null)));
        assertThat(planner.plan(snapshot, 0, NOON).steps()).isEmpty();
    }

    @Test
    void whatIsBeyondTheBacklogIsShedOnceAndForGood() {
        var live = List.of(session(1, null), session(2, null), session(3, null), session(4, null), session(5, null));

        var plan = planner.plan(new Snapshot(live, List.of(), Map.of(), Set.of()), 2, NOON);

        assertThat(plan.steps()).containsExactly(new Step.Create(live.get(0)));
        assertThat(plan.shed())
                .containsExactlyInAnyOrder(live.get(3).id(), live.get(4).id());
        var later = planner.plan(new Snapshot(live, List.of(record(1, null)), Map.of(), plan.shed()), 20, NOON);
        assertThat(later.steps()).containsExactly(new Step.Create(live.get(1)), new Step.Create(live.get(2)));
        assertThat(later.shed()).isEmpty();
    }

    @Test
    void aSessionThatBeganBetweenTheTwoLooksIsNotFinished() {
        var alive = session(2, null);
        var plan = planner.plan(
                new Snapshot(List.of(), List.of(record(2, null)), Map.of(alive.id(), alive), Set.of()), 20, NOON);
        assertThat(plan.steps()).isEmpty();
    }

    @Test
    void theBudgetHoldsASecondsWorthAndFillsEvenly() {
        var budget = new WriteBudget(20);
        assertThat(budget.available(NOON)).isEqualTo(20);
        budget.spend(20);
        assertThat(budget.available(NOON)).isZero();
        assertThat(budget.available(NOON.plusMillis(250))).isEqualTo(5);
        assertThat(budget.available(NOON.plusSeconds(60))).isEqualTo(20);
    }

    private static UUID id(int number) {
        return new UUID(0, number);
    }

    private static SessionRecord record(int number, @Nullable Instant endedAt) {
        return new SessionRecord(id(number), "shop", RecordObjects.name(id(number)), endedAt);
    }

    private static Session session(int number, @Nullable EndReason reason) {
        return new Session(
                id(number),
                "shop",
                id(0),
                "shop",
                "web",
                "eu",
                null,
                id(0),
                "pod",
                "uid",
                "127.0.0.1:1",
                1,
                FakeStore.TERMS,
                "{}",
                NOON,
                NOON,
                NOON,
                reason == null ? null : NOON,
                reason);
    }
}
