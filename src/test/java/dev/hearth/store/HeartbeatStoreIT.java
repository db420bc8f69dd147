package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.ClaimOutcome.Granted;
import dev.hearth.claim.ClaimOutcome.NoneWarm;
import dev.hearth.claim.Connections;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.HeartbeatStore;
import dev.hearth.claim.HeartbeatStore.Fence;
import dev.hearth.claim.HeartbeatStore.Health;
import dev.hearth.claim.HeartbeatStore.Hello;
import dev.hearth.claim.HeartbeatStore.Report;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionTerms;
import dev.hearth.pool.SupplyStore.NewBrowser;
import dev.hearth.testing.Answers;
import dev.hearth.testing.postgres.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HeartbeatStoreIT {
    private static final Duration SILENCE = Duration.ofSeconds(15);

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private StoreWorld world;
    private UUID pool;
    private NewBrowser browser;

    @BeforeEach
    void open() throws SQLException {
        world = StoreWorld.on(DATABASE).emptied();
        world.passTime(Duration.ZERO);
        pool = world.pool("web", null);
        browser = world.warm(pool, "web", 1).getFirst();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private HeartbeatStore beats() {
        return world.stores.heartbeats();
    }

    private Session claimed() {
        return world.claimed(world.request(pool));
    }

    private Report report(long sequence, Health health) {
        return new Report(
                browser.id(), "uid-" + browser.podName(), sequence, health, Optional.empty(), 0, 0, false, false, 0, 0);
    }

    private static Report of(Session session, long sequence, Health health, int connections, boolean left) {
        return new Report(
                session.browser(),
                session.podUid(),
                sequence,
                health,
                Optional.of(session.id()),
                session.epoch(),
                connections,
                true,
                left,
                1,
                0);
    }

    private Fence beat(Report report) {
        return beats().record(List.of(report)).getFirst();
    }

    private String browserState() throws SQLException {
        return world.strings("SELECT state || ' ' || claimable || ' ' || healthy FROM hearth.browser")
                .getFirst();
    }

    private Optional<EndReason> ended(Session session) {
        return world.stores.sessions().find("shop", session.id()).map(Session::endReason);
    }

    @Test
    void admitsTheBrowsersOwnAgentOnly() throws Exception {
        var right = sha256(browser.beatToken());

        var podUid = "uid-" + browser.podName();

        assertThat(beats().admit(List.of(
                        new Hello(browser.id(), podUid, right),
                        new Hello(browser.id(), "uid-of-another", right),
                        new Hello(browser.id(), podUid, sha256("wrong")),
                        new Hello(UUID.randomUUID(), podUid, right),
                        new Hello(browser.id(), podUid, right))))
                .as("each answered for itself, in their order")
                .extracting(Optional::isPresent)
                .containsExactly(true, false, false, false, true);
    }

    @Test
    void tellsTheEpochAndWhatRemains() {
        assertThat(beat(report(1, Health.READY)))
                .isEqualTo(new Fence(browser.id(), 1, 0, Optional.empty(), -1, 0, 0, false, false));

        var session = claimed();
        var fence = beat(report(2, Health.READY));

        assertThat(fence.epoch()).isEqualTo(1);
        assertThat(fence.session()).contains(session.id());
        assertThat(fence.remainingMillis()).isBetween(290_000L, 300_000L);
        assertThat(fence.ended()).isFalse();
    }

    @Test
    void tellsHowLongTheSessionHasWaitedForItsFirstClient() throws Exception {
        var begun = System.nanoTime();
        var session = claimed();
        world.passTime(Duration.ofSeconds(4));
        assertThat(beat(report(1, Health.READY)).awaitedMillis()).isBetween(4_000L, 4_000 + millisSince(begun));
        assertThat(beats().admit(List.of(
                        new Hello(browser.id(), "uid-" + browser.podName(), sha256(browser.beatToken())))))
                .singleElement()
                .satisfies(fence ->
                        assertThat(fence.orElseThrow().awaitedMillis()).isBetween(4_000L, 4_000 + millisSince(begun)));

        beat(of(session, 2, Health.READY, 1, false));
        assertThat(beat(of(session, 3, Health.READY, 0, false)).awaitedMillis())
                .as("somebody came")
                .isZero();
    }

    /** Rounded up. */
    private static long millisSince(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime).toMillis() + 1;
    }

    @Test
    void tellsHowLongTheSessionMayIdle() throws Exception {
        var terms = new SessionTerms(
                Duration.ofMinutes(5),
                Duration.ofSeconds(3),
                Duration.ofMinutes(1),
                Duration.ofSeconds(30),
                true,
                Connections.SHARED);
        var session = world.claimed(world.request(pool, terms));

        assertThat(beat(of(session, 1, Health.READY, 1, false)).idleMillis()).isEqualTo(3_000);
        assertThat(beats().admit(List.of(
                        new Hello(browser.id(), "uid-" + browser.podName(), sha256(browser.beatToken())))))
                .singleElement()
                .satisfies(fence -> assertThat(fence).map(Fence::idleMillis).contains(3_000L));
        world.stores.sessions().end(session.id(), null, EndReason.RELEASED);
        assertThat(beat(of(session, 2, Health.READY, 1, false)).idleMillis()).isZero();
    }

    @Test
    void tellsWhenTheSessionIsOver() {
        var session = claimed();
        world.stores.sessions().end(session.id(), null, EndReason.RELEASED);

        assertThat(beat(of(session, 1, Health.READY, 1, false)).ended()).isTrue();
    }

    @Test
    void aWarmBrowserThatFreezesLeavesTheClaimAndComesBack() throws Exception {
        beat(report(1, Health.FROZEN));
        assertThat(browserState()).isEqualTo("WARM false false");
        assertThat(world.claim(world.request(pool))).containsExactly(new NoneWarm(0));

        beat(report(2, Health.READY));
        assertThat(browserState()).isEqualTo("WARM true true");
    }

    @Test
    @Answers("browserless#3574")
    void aCrashEndsTheSession() throws Exception {
        var session = claimed();

        var fence = beat(of(session, 1, Health.GONE, 1, false));

        assertThat(fence.ended()).isTrue();
        assertThat(ended(session)).contains(EndReason.BROWSER_CRASHED);
        assertThat(browserState()).startsWith("FAILED false");
    }

    @Test
    void aLeavingClientEndsTheSession() throws Exception {
        var session = claimed();
        beat(of(session, 1, Health.READY, 1, false));

        assertThat(beat(of(session, 2, Health.READY, 0, true)).ended()).isTrue();
        assertThat(ended(session)).contains(EndReason.CLIENT_DISCONNECTED);
        assertThat(browserState()).startsWith("RETIRING");
    }

    @Test
    void olderForeignAndOutdatedReportsChangeNothing() throws Exception {
        var session = claimed();
        beat(of(session, 10, Health.READY, 1, false));
        var gone = of(session, 11, Health.GONE, 0, true);

        assertThat(beat(of(session, 9, Health.GONE, 0, true)).ended()).isFalse();
        assertThat(beat(with(gone, "uid-of-another", session.epoch())).ended()).isTrue();
        assertThat(beat(with(gone, session.podUid(), session.epoch() - 1)).epoch())
                .isEqualTo(session.epoch());

        assertThat(world.stores.sessions().find("shop", session.id()))
                .hasValueSatisfying(it -> assertThat(it.isLive()).isTrue());
        assertThat(browserState()).isEqualTo("CLAIMED false true");
    }

    private static Report with(Report report, String podUid, long epoch) {
        return new Report(
                report.browser(),
                podUid,
                report.sequence(),
                report.health(),
                report.session(),
                epoch,
                report.connections(),
                report.connected(),
                report.left(),
                report.commands(),
                report.idleMillis());
    }

    @Test
    void whatPassedTheGuardIsKnownWhileTheSessionLivesAndAfter() {
        var session = claimed();
        assertThat(proxyBytes(session)).isZero();
        beat(passed(of(session, 1, Health.READY, 1, false), 700));
        assertThat(proxyBytes(session)).isEqualTo(700);
        beat(passed(of(session, 2, Health.READY, 1, false), 20));
        assertThat(proxyBytes(session)).as("a restarted agent counts anew").isEqualTo(700);

        world.stores.sessions().end(session.id(), "shop", EndReason.RELEASED);
        assertThat(proxyBytes(session)).isEqualTo(700);
        beat(passed(of(session, 3, Health.READY, 0, false), 900));
        assertThat(proxyBytes(session))
                .as("the agent's last word comes after the end")
                .isEqualTo(900);
        assertThat(world.stores.sessions().proxyBytes("shop")).isEqualTo(900);
        assertThat(world.stores.sessions().proxyBytes("other")).isZero();
    }

    private long proxyBytes(Session session) {
        return world.stores.sessions().find("shop", session.id()).orElseThrow().proxyBytes();
    }

    private static Report passed(Report report, long bytes) {
        return new Report(
                report.browser(),
                report.podUid(),
                report.sequence(),
                report.health(),
                report.session(),
                report.epoch(),
                report.connections(),
                report.connected(),
                report.left(),
                report.commands(),
                report.idleMillis(),
                0,
                bytes);
    }

    @Test
    void anAgentThatBeganAnewIsHeardAfterAWhile() throws Exception {
        beat(report(1_000, Health.READY));
        beat(report(1, Health.FROZEN));
        assertThat(browserState()).isEqualTo("WARM true true");

        world.passTime(Duration.ofSeconds(11));
        beat(report(2, Health.FROZEN));
        assertThat(browserState()).isEqualTo("WARM false false");
    }

    @Test
    void answersEachReportOfABatchOnceAndPassesOverWhatIsGone() {
        var unknown = with(report(1, Health.READY), "x", 0);
        var strange = new Report(
                UUID.randomUUID(), "x", 1, Health.READY, Optional.empty(), 0, 0, false, false, 0, unknown.idleMillis());

        assertThat(beats().record(List.of(report(1, Health.READY), report(2, Health.READY), strange)))
                .extracting(Fence::sequence)
                .containsExactly(1L, 2L);
    }

    @Test
    @Answers("docker-selenium#2112")
    void silenceTakesABrowserOutOfTheClaimUntilItIsHeard() throws Exception {
        beat(report(1, Health.READY));
        world.passTime(Duration.ofSeconds(5));
        assertThat(world.deadlines().flipSilent(SILENCE)).isZero();

        world.passTime(Duration.ofSeconds(16));
        assertThat(world.deadlines().flipSilent(SILENCE)).isOne();
        assertThat(browserState()).isEqualTo("WARM false true");

        beat(report(2, Health.READY));
        assertThat(world.deadlines().flipSilent(SILENCE)).isOne();
        assertThat(world.claim(world.request(pool)).getFirst()).isInstanceOf(Granted.class);
    }

    @Test
    void emptyLivenessIsGraceAndNotDeath() throws Exception {
        beat(report(1, Health.READY));
        // what a crash of Postgres leaves of unlogged tables
        world.execute("TRUNCATE hearth.liveness, hearth.sweep");

        assertThat(world.deadlines().flipSilent(SILENCE)).isZero();
        assertThat(browserState()).isEqualTo("WARM true true");

        world.passTime(Duration.ofSeconds(16));
        assertThat(world.deadlines().flipSilent(SILENCE))
                .as("still unheard after the grace")
                .isOne();
    }

    @Test
    void aFrozenSessionIsGivenHalfAMinute() throws Exception {
        var session = claimed();
        beat(of(session, 1, Health.FROZEN, 1, false));
        world.passTime(Duration.ofSeconds(15));
        assertThat(world.deadlines().endOverdue(10)).isEmpty();

        world.passTime(Duration.ofSeconds(31));
        assertThat(world.deadlines().endOverdue(10))
                .extracting(Session::endReason)
                .containsExactly(EndReason.BROWSER_CRASHED);
    }

    @Test
    void aSessionThatThawsGoesOn() throws Exception {
        var session = claimed();
        beat(of(session, 1, Health.FROZEN, 1, false));
        beat(of(session, 2, Health.READY, 1, false));
        world.passTime(Duration.ofSeconds(31));

        assertThat(world.deadlines().endOverdue(10)).isEmpty();
    }

    private static byte[] sha256(String text) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    }
}
