package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.agent.HealthPolicy.Link;
import dev.hearth.agent.HealthPolicy.Probe;
import dev.hearth.agent.HealthPolicy.Pulse;
import dev.hearth.testing.Answers;
import dev.hearth.wire.Beat;
import dev.hearth.wire.BeatReply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The agent's small decisions: health, beats, fences, pages. */
class PoliciesTest {
    private static final Probe FRESH = new Probe(true, Duration.ZERO);
    private static final Probe WAITING = new Probe(true, Duration.ofMillis(4999));
    private static final Probe SILENT = new Probe(true, Duration.ofSeconds(5));

    @Test
    @Answers("browserless#1122")
    void healthFollowsAnsweredCommands() {
        assertThat(health(Link.NOT_YET, Probe.UNASKED, Probe.UNASKED, false)).isEqualTo(Beat.Chrome.STARTING);
        assertThat(health(Link.OPEN, Probe.UNASKED, Probe.UNASKED, false)).isEqualTo(Beat.Chrome.STARTING);
        assertThat(health(Link.OPEN, FRESH, Probe.UNASKED, false)).isEqualTo(Beat.Chrome.STARTING);
        assertThat(health(Link.OPEN, FRESH, FRESH, false)).isEqualTo(Beat.Chrome.READY);
        assertThat(health(Link.OPEN, WAITING, WAITING, false)).isEqualTo(Beat.Chrome.READY);
        assertThat(health(Link.OPEN, SILENT, FRESH, false)).isEqualTo(Beat.Chrome.FROZEN);
        assertThat(health(Link.OPEN, FRESH, SILENT, false)).isEqualTo(Beat.Chrome.FROZEN);
        assertThat(health(Link.LOST, FRESH, FRESH, true)).isEqualTo(Beat.Chrome.GONE);
    }

    @Test
    void aBusyPageOfASessionIsNotAFrozenBrowser() {
        assertThat(health(Link.OPEN, FRESH, SILENT, true)).isEqualTo(Beat.Chrome.READY);
        assertThat(health(Link.OPEN, FRESH, Probe.UNASKED, true)).isEqualTo(Beat.Chrome.READY);
        assertThat(health(Link.OPEN, SILENT, FRESH, true)).isEqualTo(Beat.Chrome.FROZEN);
    }

    @Test
    void aChangeIsToldAtOnceAndSamenessIsNot() {
        var facts = new Facts(Beat.Chrome.READY, null, 1, 0, false, false);
        assertThat(BeatPolicy.dueNow(null, facts)).isTrue();
        assertThat(BeatPolicy.dueNow(facts, facts)).isFalse();
        assertThat(BeatPolicy.dueNow(facts, new Facts(Beat.Chrome.READY, null, 1, 1, false, false)))
                .isTrue();
        assertThat(BeatPolicy.dueNow(facts, new Facts(Beat.Chrome.READY, null, 1, 0, false, true)))
                .isTrue();
    }

    @Test
    void jitterShortensTheIntervalAndNeverLengthensIt() {
        assertThat(BeatPolicy.untilNext(0, Optional.empty())).isEqualTo(Duration.ofSeconds(5));
        assertThat(BeatPolicy.untilNext(1, Optional.empty())).isEqualTo(Duration.ofMillis(4500));
    }

    @Test
    @Answers("docker-selenium#2129")
    void theMomentOfIdlenessHasABeatOfItsOwn() {
        assertThat(BeatPolicy.untilNext(0, Optional.of(Duration.ofMillis(2500))))
                .isEqualTo(Duration.ofMillis(2500));
        assertThat(BeatPolicy.untilNext(1, Optional.of(Duration.ofMillis(4600))))
                .isEqualTo(Duration.ofMillis(4500));
        assertThat(BeatPolicy.untilNext(0, Optional.of(Duration.ZERO)))
                .as("told by this beat: another at once would say the same")
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(BeatPolicy.untilNext(0, Optional.of(Duration.ofSeconds(-7)))).isEqualTo(Duration.ofSeconds(5));
        assertThat(BeatPolicy.sooner(Duration.ofSeconds(4), Optional.of(Duration.ofMillis(-1))))
                .as("passed while nobody had said how long it may be")
                .isNegative();
    }

    @Test
    @Answers("docker-selenium#2129")
    void idlenessIsCountedFromTheLastCommandAndInTheSessionThatItWasToldFor() {
        var record = new SessionRecord();
        record.adopt(1, new UUID(0, 2), millis(0));
        assertThat(record.untilIdle(millis(1))).as("not told yet").isEmpty();
        record.mayIdle(3_000);
        assertThat(record.untilIdle(millis(1_000))).contains(Duration.ofMillis(2_000));
        record.command(millis(2_950));
        assertThat(record.untilIdle(millis(3_000))).contains(Duration.ofMillis(2_950));
        assertThat(record.untilIdle(millis(5_950))).contains(Duration.ZERO);
        assertThat(record.idleMillis(millis(5_950))).isEqualTo(3_000);
        record.clientComes(millis(5_960));
        assertThat(record.untilIdle(millis(5_960)))
                .as("a client that comes back is as good as a command")
                .contains(Duration.ofSeconds(3));
        record.adopt(2, new UUID(0, 3), millis(6_000));
        assertThat(record.untilIdle(millis(6_000))).isEmpty();
    }

    @Test
    void backoffGrowsFromATenthToFiveSeconds() {
        assertThat(BeatPolicy.backoff(1, 0)).isEqualTo(Duration.ofMillis(100));
        assertThat(BeatPolicy.backoff(1, 1)).isEqualTo(Duration.ofMillis(200));
        assertThat(BeatPolicy.backoff(4, 0.5)).isEqualTo(Duration.ofMillis(850));
        assertThat(BeatPolicy.backoff(1_000_000, 1)).isEqualTo(Duration.ofSeconds(5));
        assertThat(BeatPolicy.backoff(1_000_000, 0)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void aHigherEpochIsAdoptedAndALowerOneBindsNothing() {
        assertThat(Fence.of(word(6, 1000, false), true, 5))
                .isEqualTo(new Fence(false, true, false, Optional.of(Duration.ofSeconds(1))));
        assertThat(Fence.of(word(5, -1, false), true, 5)).isEqualTo(new Fence(false, false, false, Optional.empty()));
        assertThat(Fence.of(word(4, 0, true), true, 5).stale()).isTrue();
        assertThat(Fence.of(word(5, 1, true), true, 5).ended()).isTrue();
        assertThat(Fence.of(word(0, -1, false), false, 0).adopt())
                .as("the first word of all")
                .isTrue();
    }

    @Test
    void oneLivingBlankPageIsKept() {
        var blank = new PagePlan.Page("B", "about:blank", false);
        var other = new PagePlan.Page("O", "https://example.com/", false);
        var crashed = new PagePlan.Page("C", "about:blank", true);
        assertThat(PagePlan.plan(List.of(), true)).isEqualTo(new PagePlan.Create());
        assertThat(PagePlan.plan(List.of(crashed), true)).isEqualTo(new PagePlan.Create());
        assertThat(PagePlan.plan(List.of(other, blank), true)).isEqualTo(new PagePlan.Keep("B", List.of("O")));
        assertThat(PagePlan.plan(List.of(other, blank), false)).isEqualTo(new PagePlan.Keep("B", List.of()));
        assertThat(PagePlan.plan(List.of(other), true)).isEqualTo(new PagePlan.Keep("O", List.of()));
        assertThat(PagePlan.plan(List.of(crashed, blank), true)).isEqualTo(new PagePlan.Keep("B", List.of("C")));
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    private static Beat.Chrome health(Link link, Probe browser, Probe page, boolean inSession) {
        return HealthPolicy.judge(new Pulse(link, browser, page, inSession));
    }

    private static BeatReply word(long epoch, long remaining, boolean ended) {
        return new BeatReply(new UUID(0, 1), 1, epoch, new UUID(0, 2), remaining, 0, 0, ended);
    }
}
