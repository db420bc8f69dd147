package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.EndReason;
import dev.hearth.claim.HeartbeatStore.Health;
import dev.hearth.claim.HeartbeatStore.Report;
import dev.hearth.pool.BrowserState;
import dev.hearth.store.BeatVerdict.Changed;
import dev.hearth.store.BeatVerdict.Idle;
import dev.hearth.store.BeatVerdict.Known;
import dev.hearth.store.BeatVerdict.Live;
import dev.hearth.store.BeatVerdict.Nothing;
import dev.hearth.store.BeatVerdict.Over;
import dev.hearth.store.BeatVerdict.Renewed;
import dev.hearth.store.BeatVerdict.Sick;
import dev.hearth.store.BeatVerdict.Spent;
import dev.hearth.store.BeatVerdict.Well;
import dev.hearth.testing.Answers;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BeatVerdictTest {
    private static final UUID SESSION = new UUID(1, 1);

    @Test
    void aWarmBrowserIsSickOnceAndWellOnce() {
        assertThat(warm(true, Health.GONE)).isEqualTo(new Sick());
        assertThat(warm(true, Health.FROZEN)).isEqualTo(new Sick());
        assertThat(warm(false, Health.FROZEN)).isEqualTo(new Nothing());
        assertThat(warm(false, Health.READY)).isEqualTo(new Well());
        assertThat(warm(true, Health.READY)).isEqualTo(new Nothing());
        assertThat(warm(true, Health.STARTING)).isEqualTo(new Nothing());
    }

    @Test
    void onlyWarmAndClaimedBrowsersAreJudged() {
        for (var state : new BrowserState[] {BrowserState.STARTING, BrowserState.RETIRING, BrowserState.FAILED}) {
            assertThat(BeatVerdict.of(new Known(state, true, Optional.empty()), report(Health.GONE, 0, false)))
                    .isEqualTo(new Nothing());
        }
    }

    @Test
    void aBrowserIsRenewedByAReadyChromeThatIsNobodysAndByNothingElse() {
        assertThat(resetting(Health.READY, Optional.empty())).isEqualTo(new Renewed());
        assertThat(resetting(Health.READY, Optional.of(SESSION))).isEqualTo(new Nothing());
        assertThat(resetting(Health.STARTING, Optional.empty())).isEqualTo(new Nothing());
        assertThat(resetting(Health.FROZEN, Optional.empty())).isEqualTo(new Nothing());
        assertThat(resetting(Health.GONE, Optional.of(SESSION))).isEqualTo(new Spent());
    }

    private static BeatVerdict resetting(Health health, Optional<UUID> session) {
        return BeatVerdict.of(
                new Known(BrowserState.RESETTING, true, Optional.empty()),
                new Report(new UUID(0, 1), "u", 1, health, session, 1, 0, true, false, 0, 0));
    }

    @Test
    @Answers("browserless#3574")
    void aCrashEndsTheSessionEvenWhereTheAgentDidNotKnowOfIt() {
        var unaware = new Report(new UUID(0, 1), "u", 1, Health.GONE, Optional.empty(), 1, 0, false, false, 0, 0);

        assertThat(BeatVerdict.of(claimed(false, true, false, false), unaware))
                .isEqualTo(new Over(SESSION, EndReason.BROWSER_CRASHED));
    }

    @Test
    @Answers("sdk-node#183")
    void leavingEndsASessionUnlessItIsKeptAlive() {
        var left = report(Health.READY, 0, true);

        assertThat(BeatVerdict.of(claimed(false, false, false, false), left))
                .isEqualTo(new Over(SESSION, EndReason.CLIENT_DISCONNECTED));
        assertThat(BeatVerdict.of(claimed(true, false, false, false), left)).isEqualTo(new Nothing());
    }

    @Test
    @Answers("docker-selenium#2129")
    void aSessionIsIdleByTheReportThatSaysSoAndNotAMillisecondEarlier() {
        assertThat(BeatVerdict.of(mayIdle(3_000), idle(SESSION, 3_000))).isEqualTo(new Idle(SESSION, new Nothing()));
        assertThat(BeatVerdict.of(mayIdle(3_000), idle(SESSION, 2_999))).isEqualTo(new Nothing());
        assertThat(BeatVerdict.of(mayIdle(3_000), idle(new UUID(1, 2), 9_000)))
                .as("another session's idleness")
                .isEqualTo(new Nothing());
        assertThat(BeatVerdict.of(mayIdle(0), idle(SESSION, 1_000_000))).isEqualTo(new Nothing());
    }

    @Test
    void whatAReportOfIdlenessMeansBesideIsNotLostWhereTheSessionMayGoOn() {
        var awaited = new Live(SESSION, true, true, false, false, 3_000, false);

        assertThat(BeatVerdict.of(new Known(BrowserState.CLAIMED, true, Optional.of(awaited)), idle(SESSION, 3_000)))
                .isEqualTo(new Idle(SESSION, new Changed(SESSION, true, Optional.empty(), Optional.empty())));
    }

    private static Known mayIdle(long millis) {
        return new Known(
                BrowserState.CLAIMED, true, Optional.of(new Live(SESSION, true, false, false, false, millis, false)));
    }

    private static Report idle(UUID session, long millis) {
        return new Report(new UUID(0, 1), "u", 1, Health.READY, Optional.of(session), 1, 1, true, false, 1, millis);
    }

    @Test
    void oneOfTwoClientsLeavingEndsNothing() {
        assertThat(BeatVerdict.of(claimed(false, false, false, false), report(Health.READY, 1, true)))
                .isEqualTo(new Nothing());
    }

    @Test
    void theFirstConnectionClearsTheConnectDeadlineOnce() {
        var connected = report(Health.READY, 1, false);

        assertThat(BeatVerdict.of(claimed(false, true, false, false), connected))
                .isEqualTo(new Changed(SESSION, true, Optional.empty(), Optional.empty()));
        assertThat(BeatVerdict.of(claimed(false, false, false, false), connected))
                .isEqualTo(new Nothing());
    }

    @Test
    void aLostSocketOpensTheWindowAndANewOneClosesIt() {
        assertThat(BeatVerdict.of(claimed(false, false, false, false), report(Health.READY, 0, false)))
                .isEqualTo(new Changed(SESSION, false, Optional.of(true), Optional.empty()));
        assertThat(BeatVerdict.of(claimed(false, false, true, false), report(Health.READY, 1, false)))
                .isEqualTo(new Changed(SESSION, false, Optional.of(false), Optional.empty()));
    }

    @Test
    void freezingAndThawingAreNoticedOnce() {
        assertThat(BeatVerdict.of(claimed(false, false, false, false), report(Health.FROZEN, 1, false)))
                .isEqualTo(new Changed(SESSION, false, Optional.empty(), Optional.of(true)));
        assertThat(BeatVerdict.of(claimed(false, false, false, true), report(Health.FROZEN, 1, false)))
                .isEqualTo(new Nothing());
        assertThat(BeatVerdict.of(claimed(false, false, false, true), report(Health.READY, 1, false)))
                .isEqualTo(new Changed(SESSION, false, Optional.empty(), Optional.of(false)));
    }

    @Test
    void aChromeThatItsAgentStoppedAtTheSessionsEndDidNotCrash() {
        var expired = new Live(SESSION, true, false, false, false, 0, true);

        assertThat(BeatVerdict.of(
                        new Known(BrowserState.CLAIMED, true, Optional.of(expired)), report(Health.GONE, 0, false)))
                .isEqualTo(new BeatVerdict.Over(SESSION, EndReason.TIMED_OUT));
    }

    private static BeatVerdict warm(boolean healthy, Health health) {
        return BeatVerdict.of(new Known(BrowserState.WARM, healthy, Optional.empty()), report(health, 0, false));
    }

    private static Known claimed(boolean keepAlive, boolean awaited, boolean lost, boolean frozen) {
        return new Known(
                BrowserState.CLAIMED, true, Optional.of(new Live(SESSION, keepAlive, awaited, lost, frozen, 0, false)));
    }

    private static Report report(Health health, int connections, boolean left) {
        return new Report(new UUID(0, 1), "u", 1, health, Optional.of(SESSION), 1, connections, true, left, 1, 0);
    }
}
