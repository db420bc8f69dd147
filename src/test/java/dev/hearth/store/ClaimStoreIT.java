package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimOutcome.Granted;
import dev.hearth.claim.ClaimOutcome.NoneWarm;
import dev.hearth.claim.ClaimOutcome.OverQuota;
import dev.hearth.claim.ClaimOutcome.Scope;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.ClaimRequest.Candidate;
import dev.hearth.claim.ClaimRequest.Idempotency;
import dev.hearth.claim.Directory;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.claim.StoreException;
import dev.hearth.pool.SupplyStore.Slot;
import dev.hearth.testing.Answers;
import dev.hearth.testing.postgres.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ClaimStoreIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private StoreWorld world;

    @BeforeEach
    void open() throws SQLException {
        world = StoreWorld.on(DATABASE).emptied();
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void grantsAWarmBrowserWithTheTermsOfItsPool() throws Exception {
        var pool = world.pool("web", null);
        var browser = world.warm(pool, "web", 1).getFirst();
        var request = world.request(pool);

        var session = world.claimed(request);

        assertThat(session.id()).isEqualTo(request.session());
        assertThat(session.browser()).isEqualTo(browser.id());
        assertThat(session.podName()).isEqualTo(browser.podName());
        assertThat(session.epoch()).isEqualTo(1);
        assertThat(session.terms()).isEqualTo(StoreWorld.TERMS);
        assertThat(session.expiresAt()).isEqualTo(session.startedAt().plus(StoreWorld.TERMS.timeout()));
        assertThat(session.isLive()).isTrue();
        assertThat(world.strings("SELECT state FROM hearth.browser")).containsExactly("CLAIMED");
    }

    @Test
    void saysWhenTheFirstBrowserOnItsWayIsExpectedByHowLongStartsTook() throws Exception {
        var pool = world.pool("web", null);
        assertThat(world.claim(world.request(pool))).containsExactly(new NoneWarm(0, null));
        var browsers = world.stores.supply().reserve(new Slot(pool, "shop", "web", "eu-west", "r1"), 3, world.epoch);
        assertThat(world.claim(world.request(pool)))
                .as("nothing was measured yet")
                .containsExactly(new NoneWarm(3, null));
        startedAgo(browsers.get(0), 20);
        world.stores.supply().warm(browsers.get(0).id(), StoreWorld.location(browsers.get(0)), world.epoch);
        assertThat(world.strings("SELECT start_ms BETWEEN 20000 AND 29999 FROM hearth.pool_start WHERE pool_id = '"
                        + pool + "'"))
                .containsExactly("t");
        // Without what the statements above took.
        world.execute("UPDATE hearth.pool_start SET start_ms = 20000 WHERE pool_id = '" + pool + "'");
        world.claimed(world.request(pool));

        var begun = System.nanoTime();
        startedAgo(browsers.get(1), 5);
        startedAgo(browsers.get(2), 12);
        assertThat(ready(pool)).isBetween(leftOf(8, begun), Duration.ofSeconds(8));
        startedAgo(browsers.get(2), 25);
        assertThat(ready(pool)).as("late, and so at any moment").isZero();
        startedAgo(browsers.get(2), 45);
        assertThat(ready(pool))
                .as("one that hangs promises nothing")
                .isBetween(leftOf(15, begun), Duration.ofSeconds(15));
    }

    /** Rounded down. */
    private static Duration leftOf(int seconds, long begun) {
        return Duration.ofSeconds(seconds).minusNanos(System.nanoTime() - begun).minusMillis(1);
    }

    private Duration ready(UUID pool) {
        return java.util.Objects.requireNonNull(
                ((NoneWarm) world.claim(world.request(pool)).getFirst()).ready());
    }

    private void startedAgo(dev.hearth.pool.SupplyStore.NewBrowser browser, int seconds) throws SQLException {
        world.execute("UPDATE hearth.browser SET created_at = hearth.hearth_now() - interval '%d s' WHERE id = '%s'"
                .formatted(seconds, browser.id()));
    }

    @Test
    void aGroupSharesAPoolThatIsTooSmallInOrder() throws Exception {
        var pool = world.pool("web", null);
        world.simulateWarm(pool, 20);
        world.stores.supply().reserve(new Slot(pool, "shop", "web", "eu-west", "r1"), 3, world.epoch);

        var outcomes = world.claim(requests(pool, 50));

        assertThat(outcomes.subList(0, 20)).allMatch(Granted.class::isInstance);
        assertThat(sessions(outcomes)).extracting(Session::browser).doesNotHaveDuplicates();
        assertThat(outcomes.subList(20, 50))
                .allMatch(outcome -> outcome instanceof NoneWarm none && none.starting() == 3);
    }

    @Test
    void aGroupKeepsTheProjectsLimitByItself() throws Exception {
        var pool = world.pool("web", null);
        world.simulateWarm(pool, 50);
        world.stores.directory().putProject(new Directory.Project("shop", 10, null));

        var outcomes = world.claim(requests(pool, 50));

        assertThat(sessions(outcomes)).hasSize(10);
        assertThat(outcomes.subList(10, 50)).containsOnly(new OverQuota(Scope.PROJECT, 10, 10));
    }

    @Test
    void aFullPoolYieldsToTheNextCandidate() throws Exception {
        var small = world.pool("small", 2);
        var large = world.pool("large", null);
        world.simulateWarm(small, 5);
        world.simulateWarm(large, 1);

        var outcomes = world.claim(
                Stream.generate(() -> wish(null, null, small, large)).limit(4).toArray(ClaimRequest[]::new));

        assertThat(sessions(outcomes)).extracting(Session::poolId).containsExactlyInAnyOrder(small, small, large);
        assertThat(outcomes.getLast()).isEqualTo(new NoneWarm(0));
        assertThat(world.claim(world.request(small))).containsExactly(new OverQuota(Scope.POOL, 2, 2));
    }

    @Test
    @Answers("agent-sandbox#323")
    void prefersTheOwnZoneThenAnyThenAnOldRevision() throws Exception {
        var pool = world.pool("web", null);
        world.simulateWarm(pool, 3);
        var ids = world.strings("SELECT id FROM hearth.browser ORDER BY spread");
        world.execute(
                "UPDATE hearth.browser SET zone = 'b', stale = true WHERE id = '%s'".formatted(ids.get(0)),
                "UPDATE hearth.browser SET zone = 'a' WHERE id = '%s'".formatted(ids.get(1)),
                "UPDATE hearth.browser SET zone = 'b' WHERE id = '%s'".formatted(ids.get(2)));

        var order = new ArrayList<String>();
        for (var i = 0; i < 3; i++) {
            order.add(world.claimed(wish("b", null, pool)).browser().toString());
        }

        assertThat(order).containsExactly(ids.get(2), ids.get(1), ids.get(0));
    }

    @Test
    void aBrowserHeldByATransactionThatRollsBackIsNotDenied() throws Exception {
        var pool = world.pool("web", null);
        world.simulateWarm(pool, 1);
        try (var holder = world.database.connect();
                var watcher = world.database.connect();
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            holder.setAutoCommit(false);
            // The claim waits for 50 ms: on a busy machine these may be over before anybody sees it wait.
            for (var tries = 0; tries < 50; tries++) {
                holder.createStatement().execute("SELECT id FROM hearth.browser FOR UPDATE");
                var claim =
                        executor.submit(() -> world.claim(world.request(pool)).getFirst());
                while (!claim.isDone() && !somebodyWaits(watcher)) {
                    Thread.onSpinWait();
                }
                holder.rollback();
                if (claim.get() instanceof Granted) {
                    return;
                }
            }
        }
        fail("none of 50 claims that waited for the browser got it once it was free");
    }

    @Test
    void aBrowserHeldForLongIsRefusedInTime() throws Exception {
        var pool = world.pool("web", null);
        world.simulateWarm(pool, 1);
        try (var holder = world.database.connect()) {
            holder.setAutoCommit(false);
            holder.createStatement().execute("SELECT id FROM hearth.browser FOR UPDATE");

            assertThat(world.claim(world.request(pool))).containsExactly(new NoneWarm(0));
            holder.rollback();
        }
    }

    private static boolean somebodyWaits(Connection watcher) throws SQLException {
        try (var waiting = watcher.createStatement()
                .executeQuery(
                        "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")) {
            return waiting.next();
        }
    }

    @Test
    void replaysTheFirstAnswerForTheSameKey() throws Exception {
        var pool = world.pool("web", null);
        world.simulateWarm(pool, 5);
        var first = world.claimed(wish(null, key("k", "same"), pool));

        assertThat(world.claim(wish(null, key("k", "same"), pool))).containsExactly(new Granted(first, true));
        assertThat(world.claim(wish(null, key("k", "other"), pool))).containsExactly(new ClaimOutcome.KeyReused());

        world.stores.sessions().end(first.id(), "shop", EndReason.RELEASED);
        var replay = (Granted) world.claim(wish(null, key("k", "same"), pool)).getFirst();
        assertThat(replay.session().id()).isEqualTo(first.id());
        assertThat(replay.session().endReason()).isEqualTo(EndReason.RELEASED);
    }

    @Test
    void aKeyTwiceInAGroupIsInProgress() throws Exception {
        var pool = world.pool("web", null);
        world.simulateWarm(pool, 5);

        var outcomes = world.claim(
                wish(null, key("k", "same"), pool),
                wish(null, key("k", "same"), pool),
                wish(null, key("k", "x"), pool));

        assertThat(outcomes.get(0)).isInstanceOf(Granted.class);
        assertThat(outcomes.get(1)).isEqualTo(new ClaimOutcome.KeyInProgress());
        assertThat(outcomes.get(2)).isEqualTo(new ClaimOutcome.KeyReused());
    }

    @Test
    void aRefusedRequestLeavesItsKeyFree() throws Exception {
        var pool = world.pool("web", null);
        assertThat(world.claim(wish(null, key("k", "same"), pool))).containsExactly(new NoneWarm(0));

        world.simulateWarm(pool, 1);
        assertThat(world.claim(wish(null, key("k", "same"), pool)).getFirst())
                .isInstanceOfSatisfying(
                        Granted.class, granted -> assertThat(granted.replayed()).isFalse());
    }

    @Test
    @Answers("agent-sandbox#478")
    void oneKeyRacedByManyMakesOneSession() throws Exception {
        var pool = world.pool("web", null);
        world.simulateWarm(pool, 50);

        Clients.run(16, client -> {
            for (var i = 0; i < 10; i++) {
                var outcome =
                        world.claim(wish(null, key("race-" + i, "same"), pool)).getFirst();
                assertThat(outcome).isInstanceOfAny(Granted.class, ClaimOutcome.KeyInProgress.class);
            }
        });

        assertThat(world.strings("SELECT id FROM hearth.session")).hasSize(10);
    }

    @Test
    void oneBrokenRequestDoesNotTakeItsGroupWithIt() throws Exception {
        var pool = world.pool("web", null);
        world.simulateWarm(pool, 5);
        var good = world.request(pool);
        var broken = new ClaimRequest(world.sessionId(), "shop", good.candidates(), null, "nul \0 byte", null);

        var outcomes = world.claim(good, broken, world.request(pool));

        assertThat(outcomes.get(0)).isInstanceOf(Granted.class);
        assertThat(outcomes.get(1))
                .isInstanceOfSatisfying(
                        ClaimOutcome.Failed.class,
                        failed -> assertThat(failed.cause().kind()).isEqualTo(StoreException.Kind.BROKEN));
        assertThat(outcomes.get(2)).isInstanceOf(Granted.class);
        assertThatThrownBy(() -> world.claim(broken)).isInstanceOf(StoreException.class);
        assertThat(world.strings("SELECT id FROM hearth.browser WHERE state = 'CLAIMED'"))
                .hasSize(2);
    }

    @Test
    void findsItsBrowsersByThePartialIndexAmongTwoHundredThousand() throws Exception {
        var pool = world.pool("web", null);
        world.simulateWarm(pool, 20_000);
        world.execute("""
                INSERT INTO hearth.browser (id, pool_id, namespace, pool, region, pod_name, pod_uid, address, state, session_id,
                       revision, token_hash)
                SELECT gen_random_uuid(), '%s', 'shop', 'sim', 'eu-west', 'c-' || n, 'uid', 'a', 'CLAIMED',
                       gen_random_uuid(), 'r1', ''
                  FROM generate_series(1, 180000) AS n
                """.formatted(pool), "ANALYZE hearth.browser");

        assertThat(plan(Taking.TAKE, pool))
                .doesNotContain("Seq Scan on browser")
                .contains("Index Scan using browser_claimable on browser")
                .contains("Index Scan using browser_claimable_zone on browser");
        assertThat(plan(Taking.TAKE_FIRST, pool))
                .doesNotContain("Seq Scan on browser")
                .contains("Index Scan using browser_claimable_zone on browser");
        assertThat(plan(Taking.TAKE_FIRST_ANYWHERE, pool))
                .doesNotContain("Seq Scan on browser")
                .contains("Index Scan using browser_claimable on browser");
    }

    private String plan(String statement, UUID pool) throws SQLException {
        var plan = new StringJoiner("\n");
        try (var connection = world.database.connect()) {
            connection.setSchema("hearth");
            try (var rows = connection
                    .createStatement()
                    .executeQuery("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) " + literal(statement, pool))) {
                while (rows.next()) {
                    plan.add(rows.getString(1));
                }
            }
        }
        return plan.toString();
    }

    private static String literal(String sql, UUID pool) {
        var values = List.of(
                "'{%s}'".formatted(UUID.randomUUID()),
                "'{shop}'",
                "'{%s}'".formatted(pool),
                "'{1000}'",
                "'{1000}'",
                "'{1000}'",
                "'{1000}'",
                "'{f}'",
                "'{SHARED}'",
                "'{x}'",
                "'{null}'",
                "'zone-1'",
                "'{shop}'",
                "'1'",
                "'{%s}'".formatted(pool),
                "'1'");
        var filled = sql;
        for (var value : values) {
            filled = filled.replaceFirst("\\?::", value + "::");
        }
        return filled;
    }

    private ClaimRequest[] requests(UUID pool, int count) {
        return Stream.generate(() -> world.request(pool)).limit(count).toArray(ClaimRequest[]::new);
    }

    private ClaimRequest wish(@Nullable String zone, @Nullable Idempotency key, UUID... pools) {
        var candidates = Stream.of(pools)
                .map(pool -> new Candidate(pool, "eu-west", StoreWorld.TERMS))
                .toList();
        return new ClaimRequest(world.sessionId(), "shop", candidates, zone, "{}", key);
    }

    private static Idempotency key(String key, String meaning) {
        return new Idempotency(key, meaning.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Session> sessions(List<ClaimOutcome> outcomes) {
        return outcomes.stream()
                .filter(Granted.class::isInstance)
                .map(outcome -> ((Granted) outcome).session())
                .toList();
    }
}
