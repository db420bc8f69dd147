package dev.hearth.store;

import static dev.hearth.store.TwoShards.EU;
import static dev.hearth.store.TwoShards.US;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.ClaimOutcome.Granted;
import dev.hearth.claim.ClaimOutcome.NoneWarm;
import dev.hearth.claim.ConnectionLog;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.HeartbeatStore.Fence;
import dev.hearth.claim.HeartbeatStore.Health;
import dev.hearth.claim.HeartbeatStore.Hello;
import dev.hearth.claim.HeartbeatStore.Report;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionIds;
import dev.hearth.claim.SessionStore.Attachment;
import dev.hearth.claim.SessionStore.Ending;
import dev.hearth.claim.SessionStore.Filter;
import dev.hearth.claim.Sha256;
import dev.hearth.pool.SupplyStore.NewBrowser;
import dev.hearth.store.GatewayRegistry.Gateway;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Two databases, asked as one. */
class ShardRoutingIT extends OnTwoShards {
    @Test
    void eachRegionsRowsAreInItsOwnDatabaseAndNowhereElse() {
        world.warm(EU, 2);
        world.warm(US, 3);
        var eu = world.claimed(null, EU);
        var us = world.claimed(null, US);

        assertThat(world.near.strings("SELECT DISTINCT region FROM hearth.browser"))
                .containsExactly(EU);
        assertThat(world.far.strings("SELECT DISTINCT region FROM hearth.browser"))
                .containsExactly(US);
        assertThat(world.near.strings("SELECT id FROM hearth.session"))
                .containsExactly(eu.id().toString());
        assertThat(world.far.strings("SELECT id FROM hearth.session"))
                .containsExactly(us.id().toString());
        assertThat(world.stores.supply().browsers(world.pool(EU))).hasSize(2);
        assertThat(world.stores.supply().browsers(world.pool(US))).hasSize(3);
        assertThat(world.stores.supply().poolsWithBrowsers()).containsExactlyInAnyOrderElementsOf(world.pools.values());
        assertThat(world.stores.supply().marks()).containsOnlyKeys(world.pools.values());
    }

    @Test
    void aSessionIsFoundConnectedToAndEndedWhereItsIdSaysItIs() {
        for (var region : List.of(EU, US)) {
            world.warm(region, 1);
            var session = world.claimed(null, region);
            assertThat(SessionIds.virtualShard(session.id())).isEqualTo(world.stores.virtualShard(region));
            assertThat(world.stores.sessions().find("shop", session.id())).contains(session);
            assertThat(world.stores.sessions().attach(session.id(), "shop")).isInstanceOf(Attachment.Open.class);
            assertThat(world.stores.sessions().end(session.id(), "shop", EndReason.RELEASED))
                    .isInstanceOf(Ending.Ended.class);
            assertThat(world.stores.sessions().find("shop", session.id()))
                    .hasValueSatisfying(ended -> assertThat(ended.isLive()).isFalse());
        }
        assertThat(world.stores.sessions().find("shop", SessionIds.in(UUID.randomUUID(), 4095)))
                .as("of a virtual shard that nobody has")
                .isEmpty();
    }

    /** Else the session would stay behind when its region moves. */
    @Test
    void aClaimThatFallsBackIsCalledAfterTheRegionThatServedIt() {
        world.warm(US, 1);
        var session = world.claimed(null, EU, US);
        assertThat(session.region()).isEqualTo(US);
        assertThat(SessionIds.virtualShard(session.id())).isEqualTo(world.stores.virtualShard(US));
        assertThat(world.claim(null, EU, US)).isInstanceOf(NoneWarm.class);
    }

    @Test
    void aGroupOfClaimsForBothIsAnsweredInItsOrder() {
        world.warm(EU, 2);
        world.warm(US, 2);
        var outcomes = world.stores
                .claims()
                .claim(List.of(
                        world.request(null, US),
                        world.request(null, EU),
                        world.request(null, US),
                        world.request(null, EU)));
        assertThat(outcomes)
                .map(outcome -> ((Granted) outcome).session().region())
                .containsExactly(US, EU, US, EU);
        assertThat(world.stores.claims().claim(List.of(world.request(null, EU, US), world.request(null, US))))
                .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(NoneWarm.class));
    }

    @Test
    void listsTheSessionsOfBothNewestFirstAndLiveOnesBeforeEndedOnes() {
        world.warm(EU, 3);
        world.warm(US, 3);
        var sessions = new ArrayList<Session>();
        for (var region : List.of(EU, US, US, EU, EU, US)) {
            sessions.addFirst(world.claimed(null, region));
        }
        var over = sessions.removeFirst();
        world.stores.sessions().end(over.id(), "shop", EndReason.RELEASED);

        assertThat(world.stores.sessions().list("shop", new Filter(null, null, 100)))
                .map(Session::id)
                .containsExactlyElementsOf(
                        java.util.stream.Stream.concat(sessions.stream(), java.util.stream.Stream.of(over))
                                .map(Session::id)
                                .toList());
        assertThat(world.stores.sessions().list("shop", new Filter(true, null, 2)))
                .map(Session::id)
                .containsExactly(sessions.get(0).id(), sessions.get(1).id());
        assertThat(world.stores.census().live(Set.copyOf(world.pools.values()))).hasSize(5);
        assertThat(world.stores
                        .census()
                        .byIds(Set.of(over.id(), sessions.getFirst().id())))
                .hasSize(2);

        var log = world.stores.connections(new Gateway("here", UUID.randomUUID()));
        log.began(sessions.get(2).id(), UUID.randomUUID());
        var page = log.list("shop", new ConnectionLog.Filter("{}", null, 2, 1));
        assertThat(page)
                .map(held -> held.session().id())
                .containsExactly(sessions.get(1).id(), sessions.get(2).id());
        assertThat(log.last(sessions.get(2).id())).isPresent();
    }

    @Test
    void beatsOfBothAreAdmittedAndWrittenWhereTheirBrowserIs() {
        var eu = world.warm(EU, 1).getFirst();
        var us = world.warm(US, 1).getFirst();
        var beats = world.stores.heartbeats();
        assertThat(beats.shard(eu.id())).isNotEqualTo(beats.shard(us.id()));
        assertThat(beats.admit(List.of(hello(us), new Hello(us.id(), "uid-" + us.podName(), new byte[32]), hello(eu))))
                .map(Optional::isPresent)
                .containsExactly(true, false, true);
        assertThat(beats.record(List.of(beat(eu), beat(us))))
                .map(Fence::browser)
                .containsOnly(eu.id(), us.id());
        assertThat(world.near.strings("SELECT browser_id FROM hearth.liveness WHERE sequence = 7"))
                .containsExactly(eu.id().toString());
        assertThat(world.far.strings("SELECT browser_id FROM hearth.liveness WHERE sequence = 7"))
                .containsExactly(us.id().toString());
    }

    @Test
    void theDeadlinesOfEachAreItsOwn() throws SQLException {
        for (var region : List.of(EU, US)) {
            world.warm(region, 1);
            world.claimed(null, region);
        }
        var overdue = "UPDATE hearth.session SET expires_at = hearth.hearth_now() - interval '1 s'";
        world.near.execute(overdue);
        world.far.execute(overdue);
        var ended = new ArrayList<String>();
        for (var shard : world.stores.deadlines().shards()) {
            shard.flipSilent(Duration.ofSeconds(15));
            shard.endOverdue(10).forEach(session -> ended.add(shard.name() + " " + session.region()));
        }
        assertThat(ended).containsExactlyInAnyOrder("main eu", "far us");
    }

    @Test
    void whoWaitsSeesThePoolsOfBoth() {
        world.warm(EU, 1);
        world.warm(US, 2);
        var seen = world.stores.vacancies().look(Set.copyOf(world.pools.values()), Set.of("shop"));
        assertThat(seen.pools().get(world.pool(EU)))
                .satisfies(stock -> assertThat(stock.claimable()).isOne());
        assertThat(seen.pools().get(world.pool(US)))
                .satisfies(stock -> assertThat(stock.claimable()).isEqualTo(2));
        assertThat(seen.projects()).as("without a limit").isEmpty();
        world.project(1, null);
        world.claimed(null, US);
        assertThat(world.stores
                        .vacancies()
                        .look(Set.of(world.pool(EU)), Set.of("shop"))
                        .projects())
                .hasEntrySatisfying("shop", room -> assertThat(room.left()).isZero());
    }

    private static Hello hello(NewBrowser browser) {
        return new Hello(browser.id(), "uid-" + browser.podName(), Sha256.of(browser.beatToken()));
    }

    private static Report beat(NewBrowser browser) {
        return new Report(
                browser.id(), "uid-" + browser.podName(), 7, Health.READY, Optional.empty(), 0, 0, false, false, 0, 0);
    }
}
