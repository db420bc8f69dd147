package dev.hearth.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimOutcome.Granted;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.Directory;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionIds;
import dev.hearth.claim.SessionTerms;
import dev.hearth.claim.WaitingLine.Bounds;
import dev.hearth.gateway.WaitingPlace.Result;
import dev.hearth.pool.SupplyStore.Location;
import dev.hearth.pool.SupplyStore.Slot;
import dev.hearth.store.StoreSettings;
import dev.hearth.store.Stores;
import dev.hearth.testing.Answers;
import dev.hearth.testing.FakeStore;
import dev.hearth.testing.postgres.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two gateways' waiting rooms on one real database. */
class WaitingRoomIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final Duration LONG = Duration.ofSeconds(60);

    private final Stores stores =
            Stores.open(StoreSettings.single(DATABASE.address().patiently(16)));
    private final long epoch = stores.supply().lead("operator");
    private final WaitingRoom one = room();
    private final WaitingRoom other = room();
    private final UUID pool = UUID.randomUUID();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    /** In the order in which they were served. */
    private final List<String> served = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        one.close();
        other.close();
        threads.shutdownNow();
        stores.close();
    }

    @Test
    @Answers("browserless#117")
    void eachBrowserGoesToOneOfThoseWhoWaitAtTwoGateways() {
        pool(null);
        project("shop", null, null);
        var waiting = new ArrayList<CompletableFuture<Result>>();
        for (var i = 0; i < 40; i++) {
            waiting.add(claim(i % 2 == 0 ? one : other, "shop", Presence.assumed(), LONG));
        }
        await().until(() -> one.waiting() + other.waiting() == 40);

        for (var i = 0; i < 40; i++) {
            warm(1);
        }

        var sessions = waiting.stream()
                .map(CompletableFuture::join)
                .map(WaitingRoomIT::session)
                .toList();
        assertThat(sessions)
                .extracting(Session::browser)
                .doesNotHaveDuplicates()
                .hasSize(40);
    }

    @Test
    void projectsTakeTurnsAtAGateway() {
        pool(null);
        project("big", null, null);
        project("small", null, null);
        for (var i = 0; i < 6; i++) {
            ordered("big" + i, "big");
        }
        ordered("small0", "small");
        ordered("small1", "small");

        for (var i = 1; i <= 8; i++) {
            warm(1);
            var soFar = i;
            await().until(() -> served.size() == soFar);
        }
        assertThat(served).containsExactly("big0", "small0", "big1", "small1", "big2", "big3", "big4", "big5");
    }

    @Test
    @Answers({"selenium#3022", "browserless#5518"})
    void whoLeavesTakesNoBrowserAndFreesItsPlace() {
        pool(null);
        project("shop", null, null);
        var gone = new CompletableFuture<Void>();
        var leaving = claim(one, "shop", Presence.until(gone), LONG);
        await().until(() -> one.waiting() == 1);

        gone.complete(null);

        assertThat(leaving.join()).isEqualTo(new Result.Left(1));
        assertThat(one.waiting()).isZero();
        warm(1);
        assertThat(session(claim(other, "shop", Presence.assumed(), LONG).join())
                        .isLive())
                .as("the browser was left to who stayed")
                .isTrue();
    }

    @Test
    @Answers("browserless#5436")
    void aSessionsEndLetsAWaitingClaimOfAFullProjectIn() {
        pool(null);
        project("full", 1, null);
        warm(2);
        var first = session(claim(one, "full", Presence.assumed(), LONG).join());
        var second = claim(one, "full", Presence.assumed(), LONG);
        var hasty = claim(other, "full", Presence.assumed(), Duration.ofMillis(300));

        assertThat(hasty.join())
                .isInstanceOfSatisfying(
                        Result.InVain.class,
                        inVain -> assertThat(inVain.why())
                                .isEqualTo(new ClaimOutcome.OverQuota(ClaimOutcome.Scope.PROJECT, 1, 1)));
        assertThat(second).isNotDone();
        stores.sessions().end(first.id(), null, EndReason.RELEASED);

        var ended = stores.sessions().find("full", first.id()).orElseThrow().endedAt();
        assertThat(session(second.join()).startedAt())
                .as("time runs from the claim and not from the request")
                .isAfterOrEqualTo(ended);
    }

    @Test
    void aWaitThatIsOverSaysWhenABrowserIsExpected() {
        pool(null);
        project("shop", null, null);
        warm(1);
        session(claim(one, "shop", Presence.assumed(), LONG).join());
        stores.supply().reserve(slot(), 3, epoch);

        var inVain = (Result.InVain)
                claim(one, "shop", Presence.assumed(), Duration.ofMillis(400)).join();

        // The way into the line, and the time that a claim takes here, are part of the client's patience: one look
        // may be all that is left.
        assertThat(inVain.waitedMillis()).isBetween(0L, 2_000L);
        assertThat(inVain.why())
                .isInstanceOfSatisfying(
                        ClaimOutcome.NoneWarm.class,
                        none -> assertThat(none.starting()).isEqualTo(3));
    }

    @Test
    void aWaitingClaimOfAProjectThatIsTooFastIsServedWhenItsBucketHasFilled() {
        pool(null);
        project("fast", null, 60);
        warm(62);
        for (var i = 0; i < 60; i++) {
            session(claim(one, "fast", Presence.assumed(), LONG).join());
        }
        var begun = System.nanoTime();
        session(claim(one, "fast", Presence.assumed(), LONG).join());
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
    }

    private void ordered(String name, String project) {
        var before = one.waiting();
        claim(one, project, Presence.assumed(), LONG).thenRun(() -> served.add(name));
        await().until(() -> one.waiting() == before + 1);
    }

    private CompletableFuture<Result> claim(WaitingRoom room, String project, Presence presence, Duration wait) {
        var request = new ClaimRequest(
                SessionIds.mint(stores.virtualShard("eu"), Instant.now()),
                project,
                List.of(new ClaimRequest.Candidate(pool, "eu", TERMS)),
                null,
                "{}",
                null);
        return CompletableFuture.supplyAsync(() -> room.claim(request, new Patience(wait, presence)), threads);
    }

    private static final SessionTerms TERMS = FakeStore.TERMS;

    private static Session session(Result result) {
        assertThat(result).isInstanceOf(Result.Settled.class);
        return ((Granted) ((Result.Settled) result).outcome()).session();
    }

    private WaitingRoom room() {
        return new WaitingRoom(
                stores.claims(),
                stores.vacancies(),
                new GatewayState(),
                InstantSource.system(),
                new Bounds(1_000, 1_000));
    }

    private void project(String name, @Nullable Integer concurrency, @Nullable Integer createsPerMinute) {
        stores.directory().putProject(new Directory.Project(name, concurrency, null, createsPerMinute));
    }

    private void pool(@Nullable Integer maxSessions) {
        stores.directory()
                .putPool(new Directory.Pool(
                        pool, "shop", "web", "eu", List.of("*"), List.of(), TERMS, true, maxSessions));
    }

    private Slot slot() {
        return new Slot(pool, "shop", "web", "eu", "r1");
    }

    private void warm(int count) {
        for (var browser : stores.supply().reserve(slot(), count, epoch)) {
            stores.supply().warm(browser.id(), new Location("uid-" + browser.podName(), "127.0.0.1:9222", ""), epoch);
        }
    }
}
