package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.ClaimOutcome.Granted;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.Directory;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.HeartbeatStore.Health;
import dev.hearth.claim.HeartbeatStore.Report;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionIds;
import dev.hearth.pool.SupplyStore.Location;
import dev.hearth.pool.SupplyStore.Slot;
import dev.hearth.store.StoreSettings;
import dev.hearth.store.Stores;
import dev.hearth.testing.Answers;
import dev.hearth.testing.FakeStore;
import dev.hearth.testing.LogLines;
import dev.hearth.testing.postgres.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the process counts, against the rows that the database has. */
class EndsAndCountersIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Stores stores =
            Stores.open(StoreSettings.single(DATABASE.address().patiently(16)), new EndedSessions(meters));
    private final long epoch = stores.supply().lead("operator");
    private final UUID pool = UUID.randomUUID();

    @BeforeEach
    void onePool() {
        stores.directory().putProject(new Directory.Project("shop", 100, null));
        stores.directory()
                .putPool(new Directory.Pool(
                        pool, "shop", "web", "eu", List.of(), List.of(), FakeStore.TERMS, true, 100));
    }

    @AfterEach
    void close() {
        stores.close();
    }

    @Test
    @Answers("selenium#9658")
    void everyEndIsCountedOnceWhoeverBringsItAbout() throws SQLException {
        warm(5);
        var released = claim();
        stores.sessions().end(released.id(), "shop", EndReason.RELEASED);
        stores.sessions().end(released.id(), "shop", EndReason.RELEASED);
        assertThat(ended("Released")).isEqualTo(1);

        var crashed = claim();
        stores.heartbeats().record(List.of(gone(crashed, 1)));
        stores.heartbeats().record(List.of(gone(crashed, 2)));
        assertThat(ended("BrowserCrashed")).as("by an agent's report").isEqualTo(1);

        var lost = claim();
        stores.supply().gone(lost.browser(), EndReason.POD_LOST, epoch);
        stores.supply().gone(lost.browser(), EndReason.POD_LOST, epoch);
        assertThat(ended("PodLost")).as("by the operator").isEqualTo(1);

        claim();
        execute("UPDATE hearth.session SET expires_at = hearth.hearth_now() - interval '1 s'");
        stores.deadlines().shards().getFirst().endOverdue(10);
        stores.deadlines().shards().getFirst().endOverdue(10);
        assertThat(ended("TimedOut")).as("by a deadline").isEqualTo(1);
    }

    @Test
    void everyResetIsCountedOnceWhetherItComesToANewChromeOrNot() {
        warm(1, 3);
        var sequence = 0;
        for (var health : List.of(Health.READY, Health.GONE)) {
            var session = claim();
            stores.sessions().end(session.id(), "shop", EndReason.RELEASED);
            stores.heartbeats().record(List.of(nobodys(session, ++sequence, health)));
            stores.heartbeats().record(List.of(nobodys(session, ++sequence, health)));
        }

        assertThat(meters.counter("hearth.resets", "outcome", "Renewed").count())
                .isEqualTo(1);
        assertThat(meters.counter("hearth.resets", "outcome", "GivenUp").count())
                .isEqualTo(1);
    }

    @Test
    @Answers("browserless#1423")
    void aCounterThatDriftedIsFoundLoggedAndMended() throws SQLException {
        warm(1);
        claim();
        var audit = new CounterAudit(stores.upkeep().getFirst().upkeep(), meters);
        assertThat(logged(audit)).isEmpty();

        execute(
                "UPDATE hearth.project_counter SET live = live + 7 WHERE project = 'shop' AND stripe = 3",
                "UPDATE hearth.pool_counter SET live = live - 2 WHERE pool_id = '" + pool + "' AND stripe = 0");

        assertThat(logged(audit))
                .singleElement()
                .asString()
                .contains("counters differed", "counter=shop", "said=8", "counter=" + pool, "live=1");
        assertThat(meters.counter("hearth.counters.mended").count()).isEqualTo(2);
        assertThat(logged(audit)).as("mended").isEmpty();
    }

    /** Audits in the middle of claims and endings find nothing: what is under way is waited for. */
    @Test
    @Answers("browserless#1423")
    void anAuditAmongClaimsFindsNoDrift() throws Exception {
        warm(40);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> clients = IntStream.range(0, 4)
                    .<Future<?>>mapToObj(_ -> threads.submit(() -> {
                        for (var i = 0; i < 10; i++) {
                            stores.sessions().end(claim().id(), "shop", EndReason.RELEASED);
                        }
                    }))
                    .toList();
            while (clients.stream().anyMatch(client -> !client.isDone())) {
                assertThat(stores.upkeep().getFirst().upkeep().auditCounters()).isEmpty();
            }
            for (var client : clients) {
                client.get();
            }
        }
        assertThat(stores.upkeep().getFirst().upkeep().auditCounters()).isEmpty();
    }

    private static List<String> logged(Runnable work) {
        try (var lines = new LogLines(CounterAudit.class)) {
            work.run();
            return lines.seen();
        }
    }

    private double ended(String reason) {
        return meters.counter("hearth.sessions.ended", "reason", reason).count();
    }

    private Session claim() {
        var request = new ClaimRequest(
                SessionIds.mint(stores.virtualShard("eu"), Instant.now()),
                "shop",
                List.of(new ClaimRequest.Candidate(pool, "eu", FakeStore.TERMS)),
                null,
                "{}",
                null);
        return ((Granted) stores.claims("eu").claim(List.of(request)).getFirst()).session();
    }

    private static Report gone(Session session, long sequence) {
        return report(session, sequence, Health.GONE, Optional.of(session.id()));
    }

    private static Report nobodys(Session session, long sequence, Health health) {
        return report(session, sequence, health, Optional.empty());
    }

    private static Report report(Session session, long sequence, Health health, Optional<UUID> told) {
        return new Report(
                session.browser(), session.podUid(), sequence, health, told, session.epoch(), 0, true, false, 0, 0);
    }

    private void warm(int count) {
        warm(count, 1);
    }

    private void warm(int count, int uses) {
        for (var browser : stores.supply().reserve(new Slot(pool, "shop", "web", "eu", "r1", uses), count, epoch)) {
            stores.supply().warm(browser.id(), new Location("uid-" + browser.podName(), "127.0.0.1:9222", ""), epoch);
        }
    }

    private static void execute(String... statements) throws SQLException {
        try (var connection = DATABASE.connect();
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
