package dev.hearth.store;

import static dev.hearth.store.StoreWorld.location;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.HeartbeatStore.Fence;
import dev.hearth.claim.HeartbeatStore.Health;
import dev.hearth.claim.HeartbeatStore.Report;
import dev.hearth.claim.Session;
import dev.hearth.pool.Browser;
import dev.hearth.pool.BrowserState;
import dev.hearth.pool.SupplyStore.NewBrowser;
import dev.hearth.pool.SupplyStore.Slot;
import dev.hearth.store.GatewayRegistry.Gateway;
import dev.hearth.testing.postgres.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A browser that serves several sessions, one after the other, as Postgres sees it. */
class ResetIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private StoreWorld world;
    private UUID pool;
    private NewBrowser browser;
    private long sequence;

    @BeforeEach
    void aWarmBrowserForThreeSessions() throws SQLException {
        world = StoreWorld.on(DATABASE).emptied();
        pool = world.pool("web", null);
        browser = world.stores
                .supply()
                .reserve(new Slot(pool, "shop", "web", "eu-west", "r1", 3), 1, world.epoch)
                .getFirst();
        world.stores.supply().warm(browser.id(), location(browser), world.epoch);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void afterItsSessionABrowserIsNobodysUntilItsAgentHasANewChrome() {
        var first = claimed();
        release(first);

        assertThat(state()).isEqualTo(BrowserState.RESETTING);
        assertNoneWarm();
        assertThat(beat(Health.READY, Optional.of(first.id()), first.epoch()).ended())
                .as("its agent is to go on")
                .isFalse();
        beat(Health.STARTING, Optional.empty(), first.epoch());
        beat(Health.FROZEN, Optional.empty(), first.epoch());
        beat(Health.READY, Optional.empty(), first.epoch() - 1);
        assertThat(state()).as("none of these says that the Chrome is new").isEqualTo(BrowserState.RESETTING);
        assertNoneWarm();

        beat(Health.READY, Optional.empty(), first.epoch());

        assertThat(state()).isEqualTo(BrowserState.WARM);
        var second = claimed();
        assertThat(second.podName()).isEqualTo(first.podName());
        assertThat(second.epoch()).isGreaterThan(first.epoch());
    }

    @Test
    void itGoesWithItsLastSession() {
        var epochs = new ArrayList<Long>();
        for (var use = 1; use <= 2; use++) {
            var session = claimed();
            epochs.add(session.epoch());
            release(session);
            beat(Health.READY, Optional.empty(), session.epoch());
        }
        var last = claimed();
        epochs.add(last.epoch());
        release(last);

        assertThat(epochs).isSorted().doesNotHaveDuplicates();
        assertThat(state()).isEqualTo(BrowserState.RETIRING);
        assertThat(beat(Health.READY, Optional.empty(), last.epoch()).ended()).isTrue();
        assertThat(state()).isEqualTo(BrowserState.RETIRING);
    }

    @Test
    void aCrashAndAnEvictionAreTheLastOfIt() {
        end(claimed(), EndReason.BROWSER_CRASHED);
        assertThat(state()).isEqualTo(BrowserState.FAILED);

        var other = world.stores
                .supply()
                .reserve(new Slot(pool, "shop", "web", "eu-west", "r1", 3), 1, world.epoch)
                .getFirst();
        world.stores.supply().warm(other.id(), location(other), world.epoch);
        end(claimed(), EndReason.EVICTED);
        assertThat(world.stores.supply().browsers(pool))
                .extracting(Browser::state)
                .containsExactlyInAnyOrder(BrowserState.FAILED, BrowserState.RETIRING);
    }

    @Test
    void oneThatCannotBeResetGoes() {
        var session = claimed();
        release(session);

        beat(Health.GONE, Optional.of(session.id()), session.epoch());

        assertThat(state()).isEqualTo(BrowserState.RETIRING);
    }

    @Test
    void oneOfAnOldShapeServesNobodyAfterItsSession() {
        var session = claimed();
        world.stores.supply().markCurrent(pool, "r2", world.epoch);
        assertThat(state()).isEqualTo(BrowserState.CLAIMED);

        release(session);

        assertThat(state()).isEqualTo(BrowserState.RETIRING);
    }

    @Test
    void oneThatIsTooOldServesNobodyAfterItsSession() {
        var session = claimed();
        assertThat(world.stores.supply().outdate(List.of(browser.id()), world.epoch))
                .isTrue();
        assertThat(state()).isEqualTo(BrowserState.CLAIMED);

        release(session);

        assertThat(state()).isEqualTo(BrowserState.RETIRING);
    }

    @Test
    void theOperatorMayRetireOneThatIsBeingReset() {
        release(claimed());

        assertThat(world.stores.supply().retire(browser.id(), world.epoch)).isTrue();
        beat(Health.READY, Optional.empty(), 1);

        assertThat(state()).isEqualTo(BrowserState.RETIRING);
    }

    @Test
    void aClaimThatFindsNoneIsToldOfTheOneThatIsComing() {
        release(claimed());

        assertThat(world.claim(world.request(pool)).getFirst())
                .isInstanceOfSatisfying(
                        ClaimOutcome.NoneWarm.class,
                        none -> assertThat(none.starting()).isEqualTo(1));
    }

    @Test
    void whatPassedTheGuardIsCountedForEachSessionByItself() {
        var first = claimed();
        report(Health.READY, Optional.of(first.id()), first.epoch(), 500);
        release(first);
        beat(Health.READY, Optional.empty(), first.epoch());
        var second = claimed();
        report(Health.READY, Optional.of(second.id()), second.epoch(), 20);
        release(second);

        assertThat(world.stores
                        .sessions()
                        .find("shop", first.id())
                        .orElseThrow()
                        .proxyBytes())
                .isEqualTo(500);
        assertThat(world.stores
                        .sessions()
                        .find("shop", second.id())
                        .orElseThrow()
                        .proxyBytes())
                .isEqualTo(20);
    }

    @Test
    void browsersThatAreUsedOnceGoAsEver() {
        world.stores.supply().retire(browser.id(), world.epoch);
        var once = world.warm(pool, "web", 1).getFirst();
        var session = claimed();
        assertThat(session.podName()).isEqualTo(once.podName());

        release(session);

        assertThat(world.stores.supply().browsers(pool))
                .extracting(Browser::state)
                .containsOnly(BrowserState.RETIRING);
    }

    /** Its agent never heard of the session: while gateways keep calm browsers' beats to themselves, nobody would tell it. */
    @Test
    void aBeatOfOneThatIsToBeResetIsWrittenWhoeverEndedItsSession() {
        var gateway = world.stores.heartbeats(new Gateway("one", UUID.randomUUID()));
        release(claimed());

        assertThat(gateway.pulse(0, List.of()).wanted()).contains(browser.id());

        beat(Health.READY, Optional.empty(), 1);
        assertThat(gateway.pulse(0, List.of()).wanted()).doesNotContain(browser.id());
    }

    private Session claimed() {
        return world.claimed(world.request(pool));
    }

    private void assertNoneWarm() {
        assertThat(world.claim(world.request(pool)).getFirst()).isInstanceOf(ClaimOutcome.NoneWarm.class);
    }

    private void release(Session session) {
        end(session, EndReason.RELEASED);
    }

    private void end(Session session, EndReason reason) {
        world.stores.sessions().end(session.id(), null, reason);
    }

    private BrowserState state() {
        return world.stores.supply().browsers(pool).getFirst().state();
    }

    private Fence beat(Health health, Optional<UUID> session, long epoch) {
        return report(health, session, epoch, 0);
    }

    private Fence report(Health health, Optional<UUID> session, long epoch, long proxyBytes) {
        var report = new Report(
                browser.id(),
                location(browser).podUid(),
                ++sequence,
                health,
                session,
                epoch,
                0,
                true,
                false,
                0,
                0,
                0,
                proxyBytes);
        return world.stores.heartbeats().record(List.of(report)).getFirst();
    }
}
