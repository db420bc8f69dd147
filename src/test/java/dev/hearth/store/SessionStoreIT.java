package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.Connections;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.HeartbeatStore.Fence;
import dev.hearth.claim.HeartbeatStore.Health;
import dev.hearth.claim.HeartbeatStore.Report;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionStore;
import dev.hearth.claim.SessionStore.Attachment;
import dev.hearth.claim.SessionStore.Ending;
import dev.hearth.claim.SessionStore.Filter;
import dev.hearth.claim.SessionTerms;
import dev.hearth.testing.Answers;
import dev.hearth.testing.postgres.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SessionStoreIT {
    private static final SessionTerms TERMS = new SessionTerms(
            Duration.ofMinutes(10),
            Duration.ofMinutes(2),
            Duration.ofMinutes(1),
            Duration.ofSeconds(30),
            false,
            Connections.SHARED);

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private StoreWorld world;
    private UUID pool;

    @BeforeEach
    void open() throws SQLException {
        world = StoreWorld.on(DATABASE).emptied();
        world.passTime(Duration.ZERO);
        pool = world.pool("web", null);
        world.warm(pool, "web", 3);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private SessionStore sessions() {
        return world.stores.sessions();
    }

    private Session claimed() {
        return world.claimed(world.request(pool, TERMS));
    }

    private List<EndReason> swept() {
        return world.deadlines().endOverdue(100).stream()
                .map(Session::endReason)
                .toList();
    }

    private List<Fence> beat(Session session, long sequence, int connections, Duration idle) {
        return world.stores
                .heartbeats()
                .record(List.of(new Report(
                        session.browser(),
                        session.podUid(),
                        sequence,
                        Health.READY,
                        Optional.of(session.id()),
                        session.epoch(),
                        connections,
                        true,
                        false,
                        1,
                        idle.toMillis())));
    }

    @Test
    @Answers({"selenium#18062", "puppeteer#5893", "browserless#5439"})
    void endsOnceAndKeepsTheFirstReason() throws Exception {
        var session = claimed();

        assertThat(sessions().end(session.id(), "shop", EndReason.RELEASED))
                .isInstanceOfSatisfying(Ending.Ended.class, ended -> {
                    assertThat(ended.session().endReason()).isEqualTo(EndReason.RELEASED);
                    assertThat(ended.session().endedAt()).isAfterOrEqualTo(session.startedAt());
                });
        assertThat(sessions().end(session.id(), null, EndReason.TIMED_OUT))
                .isInstanceOfSatisfying(
                        Ending.AlreadyEnded.class,
                        again -> assertThat(again.session().endReason()).isEqualTo(EndReason.RELEASED));
        assertThat(world.strings("SELECT state FROM hearth.browser WHERE id = '%s'".formatted(session.browser())))
                .containsExactly("RETIRING");
        assertThat(world.upkeep().auditCounters()).isEmpty();
    }

    @Test
    void aForeignSessionIsUnknown() {
        var session = claimed();

        assertThat(sessions().find("other", session.id())).isEmpty();
        assertThat(sessions().attach(session.id(), "other")).isEqualTo(new Attachment.Unknown());
        assertThat(sessions().end(session.id(), "other", EndReason.RELEASED)).isEqualTo(new Ending.Unknown());
        assertThat(sessions().find("shop", session.id())).contains(session);
    }

    @Test
    @Answers("docker-selenium#1503")
    void attachesToLiveSessionsOnly() {
        var session = claimed();
        assertThat(sessions().attach(session.id(), null)).isEqualTo(new Attachment.Open(session));

        sessions().end(session.id(), null, EndReason.BROWSER_CLOSED);
        assertThat(sessions().attach(session.id(), "shop")).isInstanceOf(Attachment.Over.class);
        assertThat(sessions().attach(world.sessionId(), "shop")).isEqualTo(new Attachment.Unknown());
    }

    @Test
    void listsLiveOnesFirstAndByEnding() {
        var first = claimed();
        var second = claimed();
        var third = claimed();
        sessions().end(second.id(), null, EndReason.BROWSER_CRASHED);

        assertThat(ids(new Filter(null, null, 10))).containsExactly(third.id(), first.id(), second.id());
        assertThat(ids(new Filter(true, null, 1))).containsExactly(third.id());
        assertThat(ids(new Filter(null, EndReason.Ending.ERROR, 10))).containsExactly(second.id());
        assertThat(ids(new Filter(false, EndReason.Ending.COMPLETED, 10))).isEmpty();
    }

    @Test
    void findsSessionsByWhatTheirMetadataContains() {
        var first = with("{\"run\":{\"id\":\"1\"},\"n\":1}", null);
        var second = with("{\"run\":{\"id\":\"2\"},\"n\":\"1\"}", null);
        sessions().end(first.id(), null, EndReason.RELEASED);

        assertThat(ids(new Filter(null, null, 10, "{\"run\":{\"id\":\"1\"}}"))).containsExactly(first.id());
        assertThat(ids(new Filter(true, null, 10, "{\"run\":{\"id\":\"1\"}}"))).isEmpty();
        assertThat(ids(new Filter(null, null, 10, "{\"n\":\"1\"}"))).containsExactly(second.id());
        assertThat(ids(new Filter(null, null, 10, "{\"run\":\"1\"}"))).isEmpty();
    }

    @Test
    void keepsWhatPagesMustBeLikeWhileASessionLives() throws Exception {
        var session = with("{}", "{\"locale\":\"de\"}");
        assertThat(sessions().attach(session.id(), null))
                .isEqualTo(new Attachment.Open(session, "{\"locale\":\"de\"}"));

        sessions().end(session.id(), null, EndReason.RELEASED);
        assertThat(sessions().attach(session.id(), null)).isInstanceOf(Attachment.Over.class);
    }

    @Test
    void lookingAtASessionMovesNoDeadline() throws Exception {
        var session = claimed();
        world.passTime(Duration.ofSeconds(50));

        assertThat(sessions().find(null, session.id())).isPresent();
        world.passTime(Duration.ofSeconds(61));

        assertThat(swept()).containsExactly(EndReason.NEVER_CONNECTED);
    }

    @Test
    void addsUpHowLongAProjectHeldBrowsers() throws Exception {
        claimed();
        var ended = claimed();
        world.passTime(Duration.ofSeconds(30));
        sessions().end(ended.id(), null, EndReason.RELEASED);

        assertThat(sessions().browserTime("shop")).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(75));
        assertThat(sessions().browserTime("other")).isZero();
    }

    private Session with(String metadata, @Nullable String settings) {
        var plain = world.request(pool);
        return world.claimed(new ClaimRequest(
                plain.session(), plain.project(), plain.candidates(), plain.zone(), metadata, null, settings));
    }

    private List<UUID> ids(Filter filter) {
        return sessions().list("shop", filter).stream().map(Session::id).toList();
    }

    @Test
    @Answers("selenium#14743")
    void endsASessionThatNobodyConnectedTo() throws Exception {
        claimed();
        world.passTime(Duration.ofSeconds(40));
        assertThat(swept()).isEmpty();
        world.passTime(Duration.ofSeconds(61));
        assertThat(swept()).containsExactly(EndReason.NEVER_CONNECTED);
    }

    @Test
    void leavesADialUnderWayItsTime() throws Exception {
        var session = claimed();
        world.passTime(Duration.ofSeconds(58));
        sessions().attach(session.id(), "shop");
        world.passTime(Duration.ofSeconds(61));
        assertThat(swept()).isEmpty();
        world.passTime(Duration.ofSeconds(90));
        assertThat(swept()).containsExactly(EndReason.NEVER_CONNECTED);
    }

    @Test
    void endsAnIdleSessionByItsAgentsWord() throws Exception {
        var session = claimed();
        beat(session, 1, 1, Duration.ZERO);
        world.passTime(Duration.ofSeconds(121));
        assertThat(swept()).as("the agent has been silent: nobody knows").isEmpty();

        beat(session, 2, 1, Duration.ofSeconds(20));
        world.passTime(Duration.ofSeconds(130));
        assertThat(swept()).as("active 20 s before").isEmpty();

        world.passTime(Duration.ofSeconds(225));
        assertThat(beat(session, 3, 1, Duration.ofSeconds(120)))
                .as("ended by the beat that says so, and its agent is told")
                .allMatch(Fence::ended);
        assertThat(endReason(session)).isEqualTo(EndReason.IDLE);
        assertThat(swept()).as("ended once").isEmpty();
    }

    @Test
    @Answers("docker-selenium#2129")
    void aCommandThatNobodyToldYetIsNotTakenForSilence() throws Exception {
        var session = claimed();
        world.passTime(Duration.ofSeconds(119));
        beat(session, 1, 1, Duration.ofSeconds(118));
        world.passTime(Duration.ofSeconds(122));

        assertThat(world.strings(BY_WHAT_WAS_HEARD_LAST))
                .as("what a sweep would end that judges by an older beat")
                .containsExactly(session.id().toString());
        assertThat(swept()).isEmpty();

        beat(session, 2, 1, Duration.ofMillis(3_050));
        assertThat(endReason(session)).as("a command came 50 ms before").isNull();
        world.passTime(Duration.ofSeconds(200));
        assertThat(swept()).isEmpty();
    }

    /** The browser's last beat is fresh, and its session's deadline has passed by what it said. */
    private static final String BY_WHAT_WAS_HEARD_LAST = """
            SELECT s.id
              FROM hearth.session s
              JOIN hearth.liveness l ON l.browser_id = s.browser_id
             WHERE l.seen_at >= GREATEST(s.started_at, hearth.hearth_now() - interval '15 s')
               AND GREATEST(l.active_at, s.started_at) + s.idle_ms * interval '1 ms' <= hearth.hearth_now()
            """;

    @Test
    void aBeatEndsNoIdleSessionAfterAPauseUntilItsClientHadTimeToComeBack() throws Exception {
        var session = claimed();
        world.passTime(Duration.ofSeconds(130));
        world.execute("UPDATE hearth.session SET connect_by = hearth.hearth_now() + interval '1 minute'");
        world.execute("UPDATE hearth.sweep SET swept_at = clock_timestamp() - interval '1 minute'");

        beat(session, 1, 1, Duration.ofSeconds(125));
        assertThat(swept()).isEmpty();
        beat(session, 2, 1, Duration.ofSeconds(126));
        assertThat(endReason(session)).as("the sweeps are back").isNull();
        assertThat(world.strings("SELECT count(connect_by) FROM hearth.session"))
                .as("what else the beat said holds")
                .containsExactly("0");

        world.execute("UPDATE hearth.sweep SET swept_at = clock_timestamp() + interval '1 minute',"
                + " grace_until = '-infinity'");
        assertThat(swept()).containsExactly(EndReason.IDLE);
    }

    private @Nullable EndReason endReason(Session session) {
        return sessions().find("shop", session.id()).map(Session::endReason).orElse(null);
    }

    @Test
    @Answers({"ferrum#505", "browserless#3831"})
    void endsAtItsTimeoutHoweverActive() throws Exception {
        var session = claimed();
        beat(session, 1, 1, Duration.ZERO);
        world.passTime(Duration.ofSeconds(601));
        beat(session, 2, 1, Duration.ZERO);
        assertThat(swept()).containsExactly(EndReason.TIMED_OUT);
    }

    @Test
    @Answers("ferrum#505")
    void waitsForALostClientAsLongAsItsWindow() throws Exception {
        var session = claimed();
        beat(session, 1, 1, Duration.ZERO);
        beat(session, 2, 0, Duration.ZERO);
        world.passTime(Duration.ofSeconds(15));
        assertThat(swept()).isEmpty();
        world.passTime(Duration.ofSeconds(31));
        assertThat(swept()).containsExactly(EndReason.CLIENT_DISCONNECTED);
    }

    @Test
    void aClientThatCameBackIsKept() throws Exception {
        var session = claimed();
        beat(session, 1, 1, Duration.ZERO);
        beat(session, 2, 0, Duration.ZERO);
        beat(session, 3, 1, Duration.ZERO);
        world.passTime(Duration.ofSeconds(60));
        assertThat(swept()).isEmpty();
    }

    @Test
    void afterAPauseOnlyHardDeadlinesAreDue() throws Exception {
        claimed();
        world.passTime(Duration.ofSeconds(61));
        world.execute("UPDATE hearth.sweep SET swept_at = clock_timestamp() - interval '1 minute'");

        assertThat(swept()).as("beats may have been lost meanwhile").isEmpty();
        world.passTime(Duration.ofSeconds(601));
        world.execute("UPDATE hearth.sweep SET swept_at = clock_timestamp() - interval '1 minute'");
        assertThat(swept()).containsExactly(EndReason.TIMED_OUT);
    }
}
