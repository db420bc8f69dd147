package dev.hearth.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.EndReason;
import dev.hearth.pool.PoolAction.ConfirmLost;
import dev.hearth.pool.PoolAction.End;
import dev.hearth.pool.PoolAction.Fail;
import dev.hearth.pool.PoolAction.Label;
import dev.hearth.pool.PoolAction.MarkWarm;
import dev.hearth.pool.PoolAction.Outdate;
import dev.hearth.pool.PoolAction.Retire;
import dev.hearth.pool.PoolAction.Start;
import dev.hearth.pool.PoolAction.Why;
import dev.hearth.testing.Aged;
import dev.hearth.testing.Answers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PoolPlannerTest {
    private static final UUID POOL = new UUID(0, 1);
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final PoolTimings TIMINGS =
            new PoolTimings(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofSeconds(30), 10);

    private static final Duration RESET = Duration.ofSeconds(15);

    private final PoolPlanner planner = new PoolPlanner(TIMINGS);
    private final List<BrowserView> browsers = new ArrayList<>();
    private int replicas = 3;
    private @Nullable Integer maxBrowsers;
    private int resettingSeconds = 2;
    private boolean paused;
    private @Nullable Duration maxAge;
    private PoolTarget.Ending ending = PoolTarget.Ending.STAYS;
    private PoolTarget.Rollout rollout = new PoolTarget.Rollout.Rolling(1);
    private Backoff backoff = Backoff.NONE;

    @Test
    void startsWhatIsMissing() {
        assertThat(actions()).containsExactly(new Start(3));
    }

    @Test
    void countsRowsWhosePodIsNotSeenYet() {
        unseen(BrowserState.STARTING, 1);
        unseen(BrowserState.STARTING, 1);
        assertThat(actions()).containsExactly(new Start(1));
    }

    @Test
    void startsOnlySoManyAtOnce() {
        replicas = 50;
        assertThat(actions()).containsExactly(new Start(10));
    }

    @Test
    @Answers("docker-selenium#2808")
    void replacesAClaimedBrowserUpToTheCeiling() {
        maxBrowsers = 4;
        seen(BrowserState.CLAIMED);
        seen(BrowserState.CLAIMED);
        seen(BrowserState.WARM);
        assertThat(actions()).containsExactly(new Start(1));
    }

    @Test
    void aBrowserThatIsBeingResetStandsForOneThatStarts() {
        replicas = 2;
        seen(BrowserState.RESETTING);
        seen(BrowserState.WARM);
        assertThat(actions()).isEmpty();
        assertThat(plan().counts().starting()).isEqualTo(1);
    }

    @Test
    void aBrowserThatIsResetBeyondTheTargetGoesBeforeAWarmOne() {
        replicas = 1;
        seen(BrowserState.WARM);
        var surplus = seen(BrowserState.RESETTING);
        assertThat(actions())
                .containsExactly(
                        new Retire(surplus.row(), Why.SURPLUS, pod(surplus).uid()));
    }

    @Test
    void aResetThatFailsOrHangsIsNoFailureToStart() {
        replicas = 1;
        var ended = add(
                row(BrowserState.RESETTING, "uid", true, "r1"), PodSighting.Phase.FINISHED, false, false, "resetting");
        assertThat(actions()).containsExactly(new Retire(ended.row(), Why.NOT_RESET, "uid"), new Start(1));
        assertThat(plan().trouble()).isNull();

        browsers.clear();
        resettingSeconds = (int) RESET.plus(TIMINGS.unreadyGrace()).toSeconds() - 1;
        seen(BrowserState.RESETTING);
        assertThat(actions()).isEmpty();
        browsers.clear();
        resettingSeconds++;
        var silent = seen(BrowserState.RESETTING);
        assertThat(actions())
                .containsExactly(
                        new Retire(silent.row(), Why.NOT_RESET, pod(silent).uid()), new Start(1));
    }

    @Test
    void retiringBrowsersHoldTheirPlaceUnderTheCeiling() {
        maxBrowsers = 3;
        seen(BrowserState.RETIRING, true);
        seen(BrowserState.RETIRING, true);
        seen(BrowserState.WARM);
        assertThat(actions()).isEmpty();
    }

    @Test
    void marksAReadyBrowserWarm() {
        replicas = 1;
        var view = seen(BrowserState.STARTING);
        assertThat(actions()).containsExactly(new MarkWarm(view.row(), pod(view)));
    }

    @Test
    void stopsTheYoungestSurplusFirstAndStartingOnesBeforeWarmOnes() {
        replicas = 1;
        seen(BrowserState.WARM);
        var younger = seen(BrowserState.WARM);
        var starting = unseen(BrowserState.STARTING, 1);
        assertThat(actions())
                .containsExactly(
                        new Retire(starting.row(), Why.SURPLUS, null),
                        new Retire(younger.row(), Why.SURPLUS, pod(younger).uid()));
    }

    @Test
    void asksForAPodThatWasNeverSeenOnlyAfterTheGrace() {
        replicas = 1;
        unseen(BrowserState.STARTING, 10);
        assertThat(plan().nextLook()).isEqualTo(NOW.plusSeconds(20));
        browsers.clear();
        var late = unseen(BrowserState.STARTING, 30);
        assertThat(actions()).containsExactly(new ConfirmLost(late.row(), EndReason.POD_LOST));
    }

    @Test
    @Answers("selenium#9658")
    void aMissingPodOfAClaimedBrowserIsConfirmedAndNothingElse() {
        replicas = 0;
        var row = row(BrowserState.CLAIMED, "uid-lost", true, "r1");
        browsers.add(new BrowserView(row, null, NOW, true));
        assertThat(actions()).containsExactly(new ConfirmLost(row, EndReason.POD_LOST));
    }

    @Test
    @Answers("docker-selenium#1423")
    void aClaimedBrowserIsOnlyLabelledWhateverThePoolWants() {
        replicas = 0;
        var view = add(row(BrowserState.CLAIMED, "uid", false, "r0"), PodSighting.Phase.RUNNING, false, true, "warm");
        assertThat(actions()).containsExactly(new Label(view.row(), "uid"));
        ending = PoolTarget.Ending.DRAINS;
        assertThat(actions()).containsExactly(new Label(view.row(), "uid"));
    }

    @Test
    @Answers("docker-selenium#1502")
    void aClaimedBrowserWhoseChromeEndedEndsItsSession() {
        replicas = 0;
        var view =
                add(row(BrowserState.CLAIMED, "uid", true, "r1"), PodSighting.Phase.FINISHED, false, true, "claimed");
        assertThat(actions()).containsExactly(new End(view.row(), EndReason.OUT_OF_MEMORY, "uid"));
    }

    @Test
    void replacesAFrozenBrowser() {
        replicas = 1;
        var frozen = add(row(BrowserState.WARM, "uid", false, "r1"), PodSighting.Phase.RUNNING, true, true, "warm");
        assertThat(actions()).containsExactly(new Retire(frozen.row(), Why.UNHEALTHY, "uid"), new Start(1));
    }

    @Test
    void holdsAPodThatFindsNoNode() {
        replicas = 1;
        add(row(BrowserState.STARTING, null, true, "r1"), PodSighting.Phase.PENDING, false, false, "starting");
        assertThat(actions()).isEmpty();
    }

    @Test
    void failsAPodThatIsNotReadyInTime() {
        replicas = 0;
        var row = row(BrowserState.STARTING, null, true, "r1");
        var pod = new PodSighting(
                "uid",
                PodSighting.Phase.RUNNING,
                false,
                null,
                false,
                true,
                NOW.minusSeconds(301),
                null,
                EndReason.BROWSER_CRASHED,
                "a:1",
                "",
                "starting");
        browsers.add(new BrowserView(row, pod, null, true));
        assertThat(actions())
                .first()
                .isInstanceOfSatisfying(
                        Fail.class, fail -> assertThat(fail.trouble().kind()).isEqualTo(Trouble.Kind.STARTUP_TIMEOUT));
    }

    @Test
    @Answers("agent-sandbox#323")
    void anOldBrowserGoesOnlyOnceANewOneIsWarm() {
        replicas = 2;
        stale();
        stale();
        assertThat(actions()).containsExactly(new Start(1));
        unseen(BrowserState.STARTING, 1);
        assertThat(actions()).isEmpty();
        browsers.removeLast();
        seen(BrowserState.WARM);
        assertThat(actions()).hasSize(2).first().isInstanceOf(Retire.class);
    }

    @Test
    void withoutRoomForASurgeOneOldBrowserMakesWay() {
        replicas = 2;
        maxBrowsers = 2;
        stale();
        var younger = stale();
        assertThat(actions())
                .containsExactly(
                        new Retire(younger.row(), Why.STALE, pod(younger).uid()));
    }

    @Test
    void onReplenishLeavesOldBrowsersToBeClaimed() {
        rollout = new PoolTarget.Rollout.OnReplenish();
        replicas = 2;
        stale();
        assertThat(actions()).containsExactly(new Start(1));
    }

    @Test
    @Answers("docker-selenium#1571")
    void aBrowserThatIsTooOldIsMarkedWhetherItIdlesOrServes() {
        maxAge = Duration.ofSeconds(900);
        replicas = 1;
        var warm = seen(BrowserState.WARM);
        var claimed = seen(BrowserState.CLAIMED);
        assertThat(actions()).containsExactly(new Outdate(warm.row()), new Outdate(claimed.row()));

        maxAge = Duration.ofSeconds(1_000);
        assertThat(actions()).isEmpty();
        assertThat(plan().nextLook()).isBetween(NOW.plusMillis(900), NOW.plusSeconds(1));

        maxAge = null;
        assertThat(actions()).isEmpty();
    }

    @Test
    void browsersThatStartedTogetherAreTooOldOneAfterTheOther() {
        maxAge = Duration.ofHours(10);
        var target = target();
        var due = IntStream.range(0, 1_000)
                .mapToObj(_ -> new Browser(
                        UUID.randomUUID(), POOL, "pod", "uid", BrowserState.WARM, "r1", false, true, NOW, NOW))
                .map(target::outdatedAt)
                .map(Objects::requireNonNull)
                .sorted()
                .toList();
        assertThat(due.getFirst()).isBetween(NOW.plus(Duration.ofHours(9)), NOW.plus(Duration.ofMinutes(9 * 60 + 5)));
        assertThat(due.getLast()).isBetween(NOW.plus(Duration.ofMinutes(9 * 60 + 55)), NOW.plus(Duration.ofHours(10)));
    }

    @Test
    void oneThatIsTooOldGoesOnlyOnceANewOneIsWarm() {
        replicas = 1;
        var old = outdated(BrowserState.WARM);
        assertThat(actions()).containsExactly(new Start(1));
        seen(BrowserState.WARM);
        assertThat(actions()).containsExactly(new Retire(old.row(), Why.STALE, pod(old).uid()));
    }

    @Test
    void oneThatIsTooOldGoesAlsoWhereANewRevisionWaitsUntilItIsWanted() {
        rollout = new PoolTarget.Rollout.OnReplenish();
        replicas = 2;
        stale();
        var old = outdated(BrowserState.WARM);
        assertThat(actions()).containsExactly(new Start(1));
        seen(BrowserState.WARM);
        assertThat(actions()).containsExactly(new Retire(old.row(), Why.STALE, pod(old).uid()));
    }

    @Test
    void aSessionIsNeverEndedForItsBrowsersAge() {
        replicas = 0;
        outdated(BrowserState.CLAIMED);
        assertThat(actions()).isEmpty();
    }

    @Test
    void oneThatIsTooOldIsNotWaitedForWhileItIsReset() {
        replicas = 1;
        var old = outdated(BrowserState.RESETTING);
        assertThat(actions()).containsExactly(new Retire(old.row(), Why.STALE, pod(old).uid()), new Start(1));
    }

    @Test
    void aPausedPoolKeepsWhatIsTooOld() {
        maxAge = Duration.ofSeconds(900);
        paused = true;
        replicas = 1;
        seen(BrowserState.WARM);
        assertThat(actions()).isEmpty();
    }

    @Test
    void afterAFailureOneBrowserTriesForAll() {
        backoff = Backoff.NONE.failed(new Trouble(Trouble.Kind.QUOTA_EXCEEDED, "few"), NOW.minusSeconds(2));
        assertThat(actions()).containsExactly(new Start(1));
    }

    @Test
    void afterAFailureABrowserThatIsBeingResetTriesForNobody() {
        replicas = 2;
        backoff = Backoff.NONE.failed(new Trouble(Trouble.Kind.CRASH_LOOP, "exit 1"), NOW.minusSeconds(2));
        seen(BrowserState.RESETTING);
        assertThat(actions()).containsExactly(new Start(1));
    }

    @Test
    void browsersThatAreBeingResetTakeNoPlaceAmongThoseThatStart() {
        replicas = 30;
        for (var n = 0; n < 20; n++) {
            seen(BrowserState.RESETTING);
        }
        assertThat(actions()).containsExactly(new Start(10));
    }

    @Test
    void anOldBrowserMakesWayAlsoWhileAnotherIsBeingReset() {
        replicas = 2;
        maxBrowsers = 2;
        seen(BrowserState.RESETTING);
        var old = outdated(BrowserState.WARM);
        assertThat(actions()).containsExactly(new Retire(old.row(), Why.STALE, pod(old).uid()));
    }

    @Test
    void oneThatIsWarmAnewIsGivenTimeUntilItsPodSaysSo() {
        replicas = 1;
        var view = seen(BrowserState.WARM);
        browsers.removeLast();
        var renewed = Aged.at(view.row(), view.row().createdAt(), NOW.minusSeconds(1));
        var pod = pod(view);
        var unready = new PodSighting(
                pod.uid(),
                pod.phase(),
                false,
                NOW.minusSeconds(40),
                false,
                true,
                pod.createdAt(),
                null,
                pod.end(),
                "a:1",
                "",
                "warm");
        browsers.add(new BrowserView(renewed, unready, null, true));
        assertThat(actions()).isEmpty();
        assertThat(plan().nextLook()).isEqualTo(NOW.plusSeconds(29));
    }

    @Test
    void waitsLongerAfterEachFailureButNeverMoreThanAMinute() {
        var trouble = new Trouble(Trouble.Kind.CRASH_LOOP, "exit 1");
        var now = NOW;
        var waits = new ArrayList<Long>();
        for (var i = 0; i < 8; i++) {
            backoff = backoff.failed(trouble, now);
            // The others that failed with it are the same failure.
            backoff = backoff.failed(trouble, now);
            waits.add(Duration.between(now, backoff.until()).toSeconds());
            now = backoff.until();
        }
        assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
    }

    @Test
    void aWarmBrowserEndsNoWaitForAQuota() {
        var quota = Backoff.NONE.failed(new Trouble(Trouble.Kind.QUOTA_EXCEEDED, "few"), NOW);
        assertThat(quota.warmed()).isEqualTo(quota);
        assertThat(quota.accepted()).isEqualTo(Backoff.NONE);
        var image = Backoff.NONE.failed(new Trouble(Trouble.Kind.IMAGE_PULL_FAILED, "no such image"), NOW);
        assertThat(image.warmed()).isEqualTo(Backoff.NONE);
        assertThat(image.accepted()).isEqualTo(image);
    }

    @Test
    void aQuotaIsNoTroubleOfAPoolThatWantsNoMore() {
        backoff = Backoff.NONE.failed(new Trouble(Trouble.Kind.QUOTA_EXCEEDED, "few"), NOW);
        seen(BrowserState.WARM);
        seen(BrowserState.WARM);
        assertThat(ready().reason()).isEqualTo("QuotaExceeded");
        replicas = 2;
        assertThat(plan().trouble()).isNull();
    }

    @Test
    void aPausedPoolStartsAndRetiresNothing() {
        paused = true;
        seen(BrowserState.WARM);
        add(row(BrowserState.WARM, "uid", false, "r0"), PodSighting.Phase.RUNNING, true, true, "warm");
        assertThat(actions()).isEmpty();
        assertThat(ready().reason()).isEqualTo("Paused");
    }

    @Test
    void terminatingEndsClaimedBrowsersToo() {
        ending = PoolTarget.Ending.TERMINATES;
        var view = seen(BrowserState.CLAIMED);
        assertThat(actions())
                .containsExactly(
                        new End(view.row(), EndReason.EVICTED, pod(view).uid()));
    }

    @Test
    void saysWhyItIsNotReady() {
        assertThat(ready().reason()).isEqualTo("Starting");
        maxBrowsers = 1;
        seen(BrowserState.CLAIMED);
        assertThat(ready().reason()).isEqualTo("LimitReached");
        maxBrowsers = null;
        backoff = Backoff.NONE.failed(new Trouble(Trouble.Kind.IMAGE_PULL_FAILED, "no such image"), NOW);
        assertThat(ready())
                .isEqualTo(new PoolCondition("Ready", false, "ImagePullFailed", "0 of 3 browsers warm: no such image"));
    }

    @Test
    void namesEachNodeThatLacksTheSeccompProfile() {
        for (var node : List.of("b", "a", "b")) {
            stuck(new Trouble(Trouble.Kind.SECCOMP_PROFILE_MISSING, "node " + node));
        }
        assertThat(ready())
                .isEqualTo(new PoolCondition(
                        "Ready", false, "SeccompProfileMissing", "0 of 3 browsers warm: node a; node b"));
    }

    @Test
    void slowStartDoublesUpToThirtyTwo() {
        assertThat(SlowStart.batches(100)).containsExactly(1, 2, 4, 8, 16, 32, 32, 5);
    }

    private PoolCondition ready() {
        return PoolExplainer.explain(target(), plan()).getFirst();
    }

    private List<PoolAction> actions() {
        return plan().actions();
    }

    private PoolPlan plan() {
        return planner.plan(new PoolSnapshot(target(), browsers, backoff, NOW));
    }

    private PoolTarget target() {
        return new PoolTarget(POOL, replicas, maxBrowsers, paused, "r1", maxAge, RESET, rollout, ending);
    }

    private BrowserView unseen(BrowserState state, int seconds) {
        var view = new BrowserView(row(state, null, true, "r1"), null, NOW.minusSeconds(seconds), false);
        browsers.add(view);
        return view;
    }

    private BrowserView stale() {
        return add(
                row(BrowserState.WARM, "uid-" + browsers.size(), true, "r0"),
                PodSighting.Phase.RUNNING,
                true,
                true,
                "warm");
    }

    private BrowserView seen(BrowserState state) {
        return seen(state, false);
    }

    private void stuck(Trouble trouble) {
        var view = seen(BrowserState.STARTING);
        browsers.removeLast();
        var pod = pod(view);
        var waiting = new PodSighting(
                pod.uid(),
                PodSighting.Phase.PENDING,
                false,
                null,
                false,
                true,
                pod.createdAt(),
                trouble,
                pod.end(),
                "a:1",
                "",
                "starting");
        browsers.add(new BrowserView(view.row(), waiting, null, true));
    }

    private BrowserView seen(BrowserState state, boolean deleting) {
        var uid = "uid-" + browsers.size();
        var label = state.name().toLowerCase(java.util.Locale.ROOT);
        var view = add(row(state, uid, true, "r1"), PodSighting.Phase.RUNNING, true, true, label);
        if (!deleting) {
            return view;
        }
        browsers.removeLast();
        var pod = pod(view);
        var gone = new PodSighting(
                pod.uid(), pod.phase(), false, null, true, true, pod.createdAt(), null, pod.end(), "a:1", "", label);
        var leaving = new BrowserView(view.row(), gone, null, true);
        browsers.add(leaving);
        return leaving;
    }

    private BrowserView add(Browser row, PodSighting.Phase phase, boolean ready, boolean scheduled, String label) {
        var uid = row.podUid() == null ? "uid-new" : row.podUid();
        var pod = new PodSighting(
                uid,
                phase,
                ready,
                null,
                false,
                scheduled,
                NOW.minusSeconds(10),
                null,
                EndReason.OUT_OF_MEMORY,
                "a:1",
                "",
                label);
        var view = new BrowserView(row, pod, null, true);
        browsers.add(view);
        return view;
    }

    private BrowserView outdated(BrowserState state) {
        var view = seen(state);
        browsers.removeLast();
        var old = new BrowserView(Aged.outdated(view.row(), true), view.pod(), null, true);
        browsers.add(old);
        return old;
    }

    private Browser row(BrowserState state, @Nullable String uid, boolean healthy, String revision) {
        var number = browsers.size() + 1;
        var born = NOW.minusSeconds(1000).plusSeconds(number);
        var changed = state == BrowserState.RESETTING ? NOW.minusSeconds(resettingSeconds) : born;
        return new Browser(
                new UUID(1, number), POOL, "pod-" + number, uid, state, revision, false, healthy, born, changed);
    }

    private static PodSighting pod(BrowserView view) {
        return java.util.Objects.requireNonNull(view.pod());
    }
}
