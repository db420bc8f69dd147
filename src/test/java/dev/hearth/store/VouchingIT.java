package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.HeartbeatStore;
import dev.hearth.claim.HeartbeatStore.Fence;
import dev.hearth.claim.HeartbeatStore.Health;
import dev.hearth.claim.HeartbeatStore.Report;
import dev.hearth.claim.HeartbeatStore.Silence;
import dev.hearth.claim.SessionTerms;
import dev.hearth.pool.SupplyStore.NewBrowser;
import dev.hearth.store.GatewayRegistry.Gateway;
import dev.hearth.testing.postgres.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Browsers whose beats are not written: when they can be claimed, and when no longer. */
class VouchingIT {
    private static final Duration SILENCE = Duration.ofSeconds(15);

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private final Gateway one = new Gateway("one", UUID.randomUUID());
    private final Gateway other = new Gateway("other", UUID.randomUUID());

    private StoreWorld world;
    private UUID pool;
    private NewBrowser browser;

    @BeforeEach
    void aBrowserThatOneGatewayVouchesFor() throws SQLException {
        world = StoreWorld.on(DATABASE).emptied();
        world.execute("TRUNCATE hearth.vouching, hearth.gateway");
        world.passTime(Duration.ZERO);
        pool = world.pool("web", null);
        browser = world.warm(pool, "web", 1).getFirst();
        pulse(one);
        assertThat(beat(one, 5).vouched()).isTrue();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private HeartbeatStore of(Gateway gateway) {
        return world.stores.heartbeats(gateway);
    }

    private Fence beat(Gateway gateway, long sequence) {
        return beat(gateway, sequence, Health.READY);
    }

    private Fence beat(Gateway gateway, long sequence, Health health) {
        var report = new Report(
                browser.id(), "uid-" + browser.podName(), sequence, health, Optional.empty(), 0, 0, false, false, 0, 0);
        return of(gateway).record(List.of(report), true).getFirst();
    }

    private HeartbeatStore.Pulse pulse(Gateway gateway, Silence... silent) {
        return of(gateway).pulse(0, List.of(silent));
    }

    /** After the duties of this second. */
    private boolean isClaimable() throws SQLException {
        world.deadlines().flipSilent(SILENCE);
        return world.strings("SELECT claimable::text FROM hearth.browser")
                .getFirst()
                .equals("true");
    }

    @Test
    void aBrowserIsClaimableForAsLongAsItsGatewayPulses() throws Exception {
        for (var seconds = 14; seconds <= 140; seconds += 14) {
            world.passTime(Duration.ofSeconds(seconds));
            pulse(one);
            assertThat(isClaimable()).as("after %d s", seconds).isTrue();
        }
    }

    @Test
    void aGatewayThatDiedLeavesItsBrowsers15SecondsToBeHeardByAnother() throws Exception {
        world.passTime(Duration.ofSeconds(60));
        pulse(one);
        world.passTime(Duration.ofSeconds(70));
        assertThat(isClaimable()).isTrue();
        world.passTime(Duration.ofSeconds(76));
        assertThat(isClaimable()).isFalse();

        pulse(other);
        beat(other, 20);
        assertThat(isClaimable()).isTrue();
    }

    @Test
    void aBrowserThatFellSilentIsUnclaimable15SecondsAfterItsLastBeatThoughItsGatewayPulses() throws Exception {
        world.passTime(Duration.ofSeconds(60));
        pulse(one, new Silence(browser.id(), 12, 10_000));
        assertThat(isClaimable()).isTrue();
        world.passTime(Duration.ofSeconds(66));
        pulse(one);
        assertThat(isClaimable()).isFalse();
    }

    @Test
    void whatWasHeardLaterOutweighsASilence() throws Exception {
        beat(one, 13);
        world.passTime(Duration.ofSeconds(60));
        pulse(one, new Silence(browser.id(), 12, 60_000));
        assertThat(isClaimable()).as("of the same gateway").isTrue();

        beat(other, 14);
        pulse(other);
        pulse(one, new Silence(browser.id(), 13, 60_000));
        world.passTime(Duration.ofSeconds(80));
        pulse(other);
        assertThat(isClaimable()).as("of another one, that vouches for it now").isTrue();
    }

    @Test
    void anAgentThatWasRestartedAndCountsFromWhatWasWrittenIsNotWithdrawnByItsFormerGateway() throws Exception {
        beat(other, 6);
        pulse(other);
        pulse(one, new Silence(browser.id(), 12, 1_000));
        world.passTime(Duration.ofSeconds(30));
        pulse(other);
        assertThat(isClaimable()).isTrue();
    }

    @Test
    void aGatewayThatWasStoppedForAWhileVouchesForNobodyItHasNotHeard() throws Exception {
        world.passTime(Duration.ofSeconds(60));
        assertThat(isClaimable()).isFalse();
        pulse(one, new Silence(browser.id(), 5, 60_000));
        assertThat(isClaimable()).isFalse();
    }

    @Test
    void whatAGatewayHasForgottenIsNotBelievedForEver() throws Exception {
        world.passTime(Duration.ofSeconds(151));
        pulse(one);
        assertThat(isClaimable()).isFalse();
        beat(one, 6);
        assertThat(isClaimable()).isTrue();
    }

    @Test
    void aBeatThatComesLateChangesNothingWhileSomebodyVouchesForItsBrowser() throws Exception {
        world.passTime(Duration.ofSeconds(60));
        pulse(one);
        assertThat(beat(other, 3, Health.FROZEN).vouched()).isFalse();
        assertThat(isClaimable()).isTrue();

        world.passTime(Duration.ofSeconds(90));
        beat(other, 3, Health.FROZEN);
        assertThat(isClaimable())
                .as("a new life, since nobody heard the old one")
                .isFalse();
    }

    @Test
    void nobodyVouchesForABrowserThatIsNotCalm() throws Exception {
        assertThat(beat(one, 6, Health.FROZEN).vouched()).isFalse();
        assertThat(isClaimable()).isFalse();
        assertThat(beat(one, 7).vouched()).isTrue();
        world.claimed(world.request(pool));
        assertThat(beat(one, 8).vouched())
                .as("claimed, which its agent does not know")
                .isFalse();
    }

    @Test
    void aStoreThatLostWhatWasVouchedForSaysSo() throws Exception {
        assertThat(pulse(one).isFirst()).isFalse();
        world.execute("TRUNCATE hearth.liveness, hearth.vouching");
        assertThat(pulse(one).isFirst()).isTrue();
    }

    @Test
    void nothingIsUnderstoodWhileAGatewayLivesThatNeverPulses() throws Exception {
        world.gateways().renew(one);
        assertThat(pulse(one).isUnderstood()).isTrue();
        await().untilAsserted(() -> {
            world.gateways().renew(other);
            assertThat(pulse(one).isUnderstood()).isFalse();
        });
        pulse(other);
        assertThat(pulse(one).isUnderstood()).isTrue();
        world.execute("DELETE FROM hearth.vouching WHERE gateway = '" + other.incarnation() + "'");
        world.passTime(Duration.ofSeconds(4));
        assertThat(pulse(one).isUnderstood()).as("it is dead").isTrue();
    }

    @Test
    void aBrowserWhoseSessionMayEndForIdlingSoonIsWanted() throws Exception {
        var idle = world.claimed(world.request(pool, idling(Duration.ofSeconds(30))));
        assertThat(pulse(one).wanted()).isEmpty();
        world.passTime(Duration.ofSeconds(24));
        assertThat(pulse(one).wanted()).containsExactly(idle.browser());
    }

    private static SessionTerms idling(Duration idle) {
        var terms = StoreWorld.TERMS;
        return new SessionTerms(
                terms.timeout(), idle, terms.connectTimeout(), terms.reconnectWindow(), false, terms.connections());
    }
}
