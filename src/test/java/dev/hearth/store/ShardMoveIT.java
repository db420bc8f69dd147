package dev.hearth.store;

import static dev.hearth.store.TwoShards.EU;
import static dev.hearth.store.TwoShards.US;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.claim.ClaimOutcome.Granted;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.HeartbeatStore.Hello;
import dev.hearth.claim.SessionStore.Ending;
import dev.hearth.claim.Sha256;
import dev.hearth.claim.StoreException;
import dev.hearth.testing.postgres.DatabaseAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardMoveIT extends OnMovingRegion {
    @Test
    void allThatIsARegionsOwnGoesWithIt() throws Exception {
        var browsers = world.warm(US, 4);
        world.warm(EU, 2);
        var eu = world.claimed(null, EU);
        var live = world.claimed(null, US);
        var over = world.claimed(null, US);
        var connection = UUID.randomUUID();
        var log = world.stores.connections(new GatewayRegistry.Gateway("g", UUID.randomUUID()));
        log.began(live.id(), connection);
        world.stores.sessions().end(over.id(), "shop", EndReason.RELEASED);
        var rows = rows(world.far);

        move();

        assertThat(rows(world.near)).containsAll(rows);
        assertThat(rows(world.far)).isEmpty();
        assertThat(world.stores.sessions().find("shop", live.id())).contains(live);
        assertThat(world.stores.sessions().find("shop", eu.id())).contains(eu);
        assertThat(world.stores.sessions().find("shop", over.id()))
                .hasValueSatisfying(it -> assertThat(it.isLive()).isFalse());
        assertThat(log.last(live.id()))
                .hasValueSatisfying(it -> assertThat(it.id()).isEqualTo(connection));
        assertThat(world.stores.supply().browsers(world.pool(US))).hasSize(4);
        assertThat(world.stores
                        .heartbeats()
                        .admit(browsers.stream()
                                .map(it -> new Hello(
                                        it.id(), StoreWorld.location(it).podUid(), Sha256.of(it.beatToken())))
                                .toList()))
                .allSatisfy(fence -> assertThat(fence).isPresent());
        assertThat(world.stores.sessions().end(live.id(), "shop", EndReason.RELEASED))
                .isInstanceOf(Ending.Ended.class);
        assertThat(world.claim(null, US)).isInstanceOf(Granted.class);
        noCounterIsWrong();
        assertThat(lines).hasSize(6).last().asString().contains("cleared");
    }

    @Test
    void aServerThatCutsLongTransactionsCutsNoMove() throws Exception {
        world.warm(US, 10);
        world.near.execute(
                "CREATE FUNCTION public.dawdle() RETURNS trigger LANGUAGE plpgsql"
                        + " AS 'BEGIN PERFORM pg_sleep(0.15); RETURN NEW; END'",
                "CREATE TRIGGER dawdling BEFORE INSERT ON hearth.browser FOR EACH ROW EXECUTE FUNCTION public.dawdle()");
        var shards = Map.of(NEAR.name(), world.near, FAR.name(), world.far);
        shards.forEach(
                (name, shard) -> shard.execute("ALTER DATABASE %s SET transaction_timeout = '900ms'".formatted(name)));
        try {
            move();
        } finally {
            shards.forEach(
                    (name, shard) -> shard.execute("ALTER DATABASE %s RESET transaction_timeout".formatted(name)));
            world.near.execute("DROP TRIGGER dawdling ON hearth.browser", "DROP FUNCTION public.dawdle()");
        }

        assertThat(world.stores.supply().browsers(world.pool(US))).hasSize(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"begun", "fenced", "copied", "arrived", "known", "cleared"})
    void aMoveThatBrokeOffIsFinishedByTheSameCommand(String step) throws Exception {
        world.warm(US, 3);
        var live = world.claimed(null, US);
        assertThatThrownBy(() -> move(breakingOffAt(step))).hasMessage(step);

        if (step.equals("cleared")) {
            assertThatThrownBy(this::move).isInstanceOf(MoveFailure.class).hasMessageContaining("already");
        } else {
            move();
        }

        assertThat(rows(world.far)).isEmpty();
        assertThat(world.stores.sessions().find("shop", live.id())).contains(live);
        assertThat(world.stores.supply().browsers(world.pool(US))).hasSize(3);
        assertThat(world.claim(null, US)).isInstanceOf(Granted.class);
        noCounterIsWrong();
    }

    @ParameterizedTest
    @ValueSource(strings = {"begun", "fenced", "copied"})
    void aMoveThatHasNotArrivedIsUndone(String step) throws Exception {
        world.warm(US, 3);
        var live = world.claimed(null, US);
        assertThatThrownBy(() -> move(breakingOffAt(step))).hasMessage(step);

        RegionMove.run(world.settings(world.far.url()), US, MAIN, true, lines::add);
        world.stores.shards().regions().refresh();

        assertThat(world.stores.sessions().find("shop", live.id())).contains(live);
        assertThat(world.claim(null, US)).isInstanceOf(Granted.class);
        world.warm(US, 1);
        assertThat(world.near.strings("SELECT region FROM hearth.browser")).doesNotContain(US);
        noCounterIsWrong();
    }

    @Test
    void aFencedRegionIsRefusedForAWhileAndNothingOfItIsSaidToBeGone() {
        var browser = world.warm(US, 2).getFirst();
        world.warm(EU, 2);
        var live = world.claimed(null, US);
        assertThatThrownBy(() -> move(breakingOffAt("fenced"))).hasMessage("fenced");

        assertThat(world.stores.sessions().find("shop", live.id())).contains(live);
        assertThat(world.stores
                        .heartbeats()
                        .admit(List.of(new Hello(
                                browser.id(), StoreWorld.location(browser).podUid(), Sha256.of(browser.beatToken())))))
                .allSatisfy(fence -> assertThat(fence).isPresent());
        assertThatThrownBy(() -> world.stores.sessions().end(live.id(), "shop", EndReason.RELEASED))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("on its way");
        assertThatThrownBy(() -> world.claim(null, US))
                .isInstanceOfSatisfying(
                        StoreException.class, it -> assertThat(it.kind()).isEqualTo(StoreException.Kind.UNAVAILABLE));
        assertThat(world.claim(null, US, EU))
                .isInstanceOfSatisfying(
                        Granted.class, it -> assertThat(it.session().region()).isEqualTo(EU));
        assertThat(world.stores.deadlines().shards())
                .allSatisfy(shard ->
                        assertThat(shard.flipSilent(Duration.ofSeconds(15))).isZero());
    }

    @Test
    void whatCannotBeIsRefusedWithTheCure() {
        refused(EU, MAIN, "already");
        refused("mars", MAIN, "known are");
        refused(US, "moon", "name one of far, main");
    }

    @Test
    void nothingIsLostUnderLoad() throws Exception {
        try (var other = world.open();
                var load = new MoveLoad(world, List.of(world.stores, other))) {
            load.awaitSessions(100);
            move();
            load.awaitSessions(300);
            load.stop();
            assertThat(load.lost()).isEmpty();
        }
        assertThat(rows(world.far)).isEmpty();
        assertThat(world.near.strings(
                        "SELECT browser_id FROM hearth.any_session GROUP BY browser_id HAVING count(*) > 1"))
                .as("given to two")
                .isEmpty();
        noCounterIsWrong();
    }

    /** The mutant: without the fence what is written after the copy is lost. */
    @Test
    void withoutTheFenceTheSameLoadFindsLosses() throws Exception {
        try (var other = world.open();
                var load = new MoveLoad(world, List.of(world.stores, other))) {
            load.awaitSessions(100);
            move(line -> {
                if (line.startsWith("fenced")) {
                    unfence(world.far);
                }
                if (line.startsWith("copied")) {
                    load.giveOneBack();
                }
            });
            load.stop();
            assertThat(load.lost()).isNotEmpty();
        }
    }

    private void refused(String region, String to, String why) {
        assertThatThrownBy(() -> RegionMove.run(world.settings(world.far.url()), region, to, false, lines::add))
                .isInstanceOf(MoveFailure.class)
                .hasMessageContaining(why);
    }

    private static Consumer<String> breakingOffAt(String step) {
        return line -> {
            if (line.startsWith(step)) {
                throw new IllegalStateException(step);
            }
        };
    }

    private static List<String> rows(DatabaseAddress shard) {
        return List.of("browser", "session", "session_history").stream()
                .flatMap(
                        table -> shard
                                .strings("SELECT t::text FROM hearth.%s t WHERE region = 'us' ORDER BY 1"
                                        .formatted(table))
                                .stream())
                .toList();
    }

    private void noCounterIsWrong() {
        assertThat(world.stores.upkeep())
                .allSatisfy(shard -> assertThat(shard.upkeep().auditCounters()).isEmpty());
    }
}
