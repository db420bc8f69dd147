package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.HeartbeatStore.Health;
import dev.hearth.claim.HeartbeatStore.Report;
import dev.hearth.testing.SimulatedBrowsers;
import dev.hearth.testing.postgres.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Batches of several gateways that overtake each other, come late or hold the same browsers. */
class NewestBeatIT {
    private static final Duration SILENCE = Duration.ofSeconds(15);
    private static final int BROWSERS = 300;

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private StoreWorld world;
    private List<UUID> browsers;

    @BeforeEach
    void open() throws SQLException {
        world = StoreWorld.on(DATABASE).emptied();
        world.passTime(Duration.ZERO);
        world.simulateWarm(world.pool("web", null), BROWSERS);
        browsers = world.strings("SELECT id::text FROM hearth.browser ORDER BY random()").stream()
                .map(UUID::fromString)
                .toList();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static Report report(UUID browser, long sequence, Health health) {
        return new Report(
                browser, SimulatedBrowsers.POD_UID, sequence, health, Optional.empty(), 0, 0, false, false, 0, 0);
    }

    @RepeatedTest(3)
    void theNewestWinsWhateverTheOrderOfTheBatches() throws Exception {
        var random = new Random(browsers.hashCode());
        var beats = new ArrayList<Report>();
        for (var sequence = 1; sequence <= 20; sequence++) {
            for (var browser : browsers) {
                beats.add(report(browser, sequence, sequence == 20 ? Health.FROZEN : Health.READY));
            }
        }
        Collections.shuffle(beats, random);
        var batches = new ArrayList<Callable<Object>>();
        for (var from = 0; from < beats.size(); from += 100) {
            var batch = List.copyOf(beats.subList(from, from + 100));
            batches.add(() -> world.stores.heartbeats().record(batch));
        }
        try (var gateways = Executors.newFixedThreadPool(8)) {
            for (var written : gateways.invokeAll(batches)) {
                written.get();
            }
        }
        assertThat(world.strings("SELECT DISTINCT sequence FROM hearth.liveness"))
                .containsExactly("20");
        assertThat(world.strings("SELECT count(*) FROM hearth.liveness")).containsExactly(Integer.toString(BROWSERS));
        assertThat(world.strings("SELECT count(*) FROM hearth.browser WHERE claimable OR healthy"))
                .as("frozen by its newest word, however late an older one came")
                .containsExactly("0");
    }

    @Test
    void aBatchThatWaitedLongIsNoSignOfLifeNow() throws Exception {
        var browser = browsers.getFirst();
        world.stores.heartbeats().record(List.of(report(browser, 2, Health.READY)));
        world.passTime(Duration.ofSeconds(16));
        assertThat(world.deadlines().flipSilent(SILENCE)).isOne();

        var late = report(browser, 1, Health.READY).waited(17_000);
        world.stores.heartbeats().record(List.of(late));

        assertThat(world.strings("SELECT sequence FROM hearth.liveness"))
                .as("an older beat is not a new life because it comes late")
                .containsExactly("2");
        assertThat(world.deadlines().flipSilent(SILENCE)).isZero();
        world.stores
                .heartbeats()
                .record(List.of(report(browser, 3, Health.READY).waited(20_000)));
        assertThat(world.deadlines().flipSilent(SILENCE))
                .as("nor is a newer one that waited for longer than silence may last")
                .isZero();
        world.stores.heartbeats().record(List.of(report(browser, 4, Health.READY)));
        assertThat(world.deadlines().flipSilent(SILENCE)).isOne();
    }

    @Test
    void aBeatIsAnUpdateInPlace() throws Exception {
        try {
            endAutovacuum();
            everyBeatIsAnUpdateInPlace();
        } finally {
            world.execute("ALTER SYSTEM RESET autovacuum", "SELECT pg_reload_conf()");
        }
    }

    /** What was replaced while one of them held a snapshot keeps its space, and a round's beats go elsewhere. */
    private void endAutovacuum() throws SQLException {
        world.execute("ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()");
        // One that only begins has no database yet.
        await().atMost(Duration.ofMinutes(1)).until(() -> world.strings("""
                        SELECT 1 FROM pg_stat_activity
                         WHERE backend_type = 'autovacuum launcher'
                            OR (backend_type = 'autovacuum worker' AND coalesce(datname, current_database()) = current_database())
                        """).isEmpty());
    }

    private void everyBeatIsAnUpdateInPlace() throws Exception {
        world.strings("SELECT pg_stat_reset_single_table_counters('hearth.liveness'::regclass)");
        for (var sequence = 1; sequence <= 30; sequence++) {
            var round = sequence;
            world.stores
                    .heartbeats()
                    .record(browsers.stream()
                            .map(browser -> report(browser, round, Health.READY))
                            .toList());
        }
        var updates = 29 * BROWSERS;
        await().atMost(Duration.ofSeconds(30)).until(() -> Integer.parseInt(counted("n_tup_upd")) >= updates);
        assertThat(Integer.parseInt(counted("n_tup_hot_upd")))
                .as("of %d updates", updates)
                .isGreaterThanOrEqualTo(updates * 99 / 100);
        assertThat(world.strings("""
                        SELECT count(*) FROM pg_index WHERE indrelid = 'hearth.liveness'::regclass
                        """))
                .as("its primary key alone: an index on a time would end this")
                .containsExactly("1");
    }

    private String counted(String what) throws SQLException {
        return world.strings("SELECT " + what + " FROM pg_stat_user_tables WHERE relid = 'hearth.liveness'::regclass")
                .getFirst();
    }

    @Test
    void anIndexOnATimeWouldBeNoticed() throws Exception {
        world.execute("CREATE INDEX liveness_seen ON hearth.liveness (seen_at)");
        try {
            assertThatThrownBy(this::aBeatIsAnUpdateInPlace).isInstanceOf(AssertionError.class);
        } finally {
            world.execute("DROP INDEX hearth.liveness_seen");
        }
    }
}
