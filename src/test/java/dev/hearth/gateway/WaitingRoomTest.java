package dev.hearth.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.ClaimRequest.Idempotency;
import dev.hearth.claim.Directory;
import dev.hearth.claim.Sha256;
import dev.hearth.claim.StoreException;
import dev.hearth.claim.Vacancies;
import dev.hearth.claim.WaitingLine.Bounds;
import dev.hearth.claim.WaitingLine.Entry;
import dev.hearth.gateway.WaitingPlace.Result;
import dev.hearth.testing.Answers;
import dev.hearth.testing.FakeStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WaitingRoomTest {
    private static final Patience LONG = new Patience(Duration.ofSeconds(60), Presence.assumed());

    private final FakeStore store = new FakeStore();
    private final GatewayState state = new GatewayState();
    private final Directory.Pool pool = store.pool("shop", "web", "eu");
    private WaitingRoom room = room(new Bounds(2, 2));

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    @Answers("selenoid#1202")
    void aFullRoomRefusesAtOnceAndThoseInsideAreServed() {
        store.warm = 0;
        var first = claim("shop", LONG, null);
        var second = claim("shop", LONG, null);
        await().until(() -> room.waiting() == 2);

        assertThat(claim("shop", LONG, null).join()).isEqualTo(new Result.Full(new Entry.ProjectFull(2)));
        assertThat(claim("other", LONG, null).join()).isEqualTo(new Result.Full(new Entry.LineFull(2)));

        store.warm = 2;
        assertThat(first.join()).isInstanceOf(Result.Settled.class);
        assertThat(second.join()).isInstanceOf(Result.Settled.class);
        assertThat(room.waiting()).isZero();
    }

    @Test
    void aStoppingGatewayKeepsNobodyWaiting() {
        store.warm = 0;
        var waiting = claim("shop", LONG, null);
        await().until(() -> room.waiting() == 1);

        state.drain();

        assertThat(waiting.join()).isEqualTo(new Result.Draining());
        assertThat(claim("shop", LONG, null).join()).isEqualTo(new Result.Draining());
    }

    @Test
    @Answers("selenium#15872")
    void theLongestWaitThatMayBeAskedForIsKeptToItsEnd() {
        var now = new AtomicReference<>(Instant.EPOCH);
        room.close();
        room = new WaitingRoom(store, store, state, now::get, new Bounds(2, 2));
        store.warm = 0;
        var longest = new Patience(Duration.ofSeconds(300), Presence.assumed());
        assertThat(dev.hearth.gateway.Bounds.WAIT_TIMEOUT.refuse(301)).isPresent();
        var inVain = claim("shop", longest, null);
        var served = claim("shop", longest, null);
        await().until(() -> room.waiting() == 2);
        for (var second = 10; second < 300; second += 10) {
            now.set(Instant.EPOCH.plusSeconds(second));
            awaitLooks();
        }
        now.set(Instant.EPOCH.plusSeconds(300).minusMillis(100));
        awaitLooks();
        assertThat(room.waiting()).isEqualTo(2);

        store.warm = 1;
        // After a slow claim the other's last 100 ms may be too few for one more.
        await().until(() -> room.waiting() <= 1);
        now.set(Instant.EPOCH.plusSeconds(300));
        assertThat(List.of(inVain.join(), served.join()))
                .as("one browser in the last moment, and the end of the wait")
                .hasAtLeastOneElementOfType(Result.Settled.class)
                .hasAtLeastOneElementOfType(Result.InVain.class);
    }

    private void awaitLooks() {
        var seen = store.looks.get();
        await().pollInterval(Duration.ofMillis(10)).until(() -> store.looks.get() > seen + 1);
    }

    /** A look that was made for others knows nothing of this one's pools and project. */
    @Test
    void aWaitThatIsTooShortForAClaimEndsOnlyAfterALookForIt() {
        var overQuota = new ClaimOutcome.OverQuota(ClaimOutcome.Scope.PROJECT, 1, 1);
        room.close();
        room = new WaitingRoom(store, full("other", overQuota), state, InstantSource.system(), new Bounds(2, 2));
        store.whileClaiming =
                () -> LockSupport.parkNanos(Duration.ofMillis(1_100).toNanos());
        assertThat(claim("shop", LONG, null).join()).isInstanceOf(Result.Settled.class);

        var hasty = new Patience(Duration.ofMillis(100), Presence.assumed());
        assertThat(claim("other", hasty, null).join())
                .as("claims take longer than this wait")
                .isInstanceOfSatisfying(
                        Result.InVain.class, inVain -> assertThat(inVain.why()).isEqualTo(overQuota));
    }

    /** What the store would say, and that this project is asked for in vain. */
    private Vacancies full(String project, ClaimOutcome refusal) {
        return new Vacancies() {
            @Override
            public Vacancy look(Set<UUID> pools, Set<String> projects) {
                var room = projects.contains(project) ? Map.of(project, new Room(0, refusal)) : Map.<String, Room>of();
                return new Vacancy(store.look(pools, projects).pools(), room);
            }

            @Override
            public Optional<ClaimOutcome> replay(ClaimRequest request) {
                return store.replay(request);
            }
        };
    }

    @Test
    void waitsThroughAnOutageOfTheStore() {
        store.broken = StoreException.Kind.UNAVAILABLE;
        var waiting = claim("shop", LONG, null);
        var hasty = claim("shop", new Patience(Duration.ofMillis(600), Presence.assumed()), null);

        assertThat(hasty.join()).isInstanceOf(Result.Broken.class);
        store.broken = null;
        assertThat(waiting.join()).isInstanceOf(Result.Settled.class);
    }

    @Test
    void whatAnIdempotencyKeySettlesNeedsNoBrowserAndNoTurn() {
        var key = new Idempotency("k", Sha256.of("same"));
        var made = (Result.Settled) claim("shop", LONG, key).join();
        store.warm = 0;
        claim("shop", LONG, null);
        await().until(() -> room.waiting() == 1);

        var replayed = (Result.Settled) claim("shop", LONG, key).join();
        assertThat(replayed.outcome()).isInstanceOfSatisfying(ClaimOutcome.Granted.class, granted -> {
            assertThat(granted.replayed()).isTrue();
            assertThat(granted.session()).isEqualTo(((ClaimOutcome.Granted) made.outcome()).session());
        });
    }

    @Test
    void howeverManyWaitThereIsOneLookAtATime() {
        room.close();
        room = room(new Bounds(500, 500));
        store.warm = 0;
        for (var i = 0; i < 300; i++) {
            claim("shop", LONG, null);
        }
        await().until(() -> room.waiting() == 300);
        store.looks.set(0);
        var begun = System.nanoTime();
        await().until(() -> store.looks.get() >= 10);

        var seconds = (System.nanoTime() - begun) / 1e9;
        assertThat(store.looks.get() / seconds).as("looks per second").isLessThan(60);
    }

    private WaitingRoom room(Bounds bounds) {
        return new WaitingRoom(store, store, state, InstantSource.system(), bounds);
    }

    private CompletableFuture<Result> claim(String project, Patience patience, @Nullable Idempotency key) {
        var request = new ClaimRequest(
                UUID.randomUUID(),
                project,
                List.of(new ClaimRequest.Candidate(pool.id(), pool.region(), FakeStore.TERMS)),
                null,
                "{}",
                key);
        return CompletableFuture.supplyAsync(
                () -> room.claim(request, patience), Executors.newVirtualThreadPerTaskExecutor());
    }
}
