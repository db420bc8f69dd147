package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.EndReason;
import dev.hearth.pool.Browser;
import dev.hearth.pool.BrowserState;
import dev.hearth.pool.SupplyStore;
import dev.hearth.pool.SupplyStore.NewBrowser;
import dev.hearth.pool.SupplyStore.Slot;
import dev.hearth.testing.Answers;
import dev.hearth.testing.postgres.TestDatabase;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SupplyStoreIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private final UUID pool = UUID.randomUUID();
    private StoreWorld world;
    private SupplyStore supply;

    @BeforeEach
    void open() {
        world = StoreWorld.on(DATABASE);
        supply = world.stores.supply();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Slot slot(String name) {
        return new Slot(pool, "shop", name, "eu-west", "r1");
    }

    private List<NewBrowser> reserve(int count) {
        return supply.reserve(slot("web"), count, world.epoch);
    }

    @Test
    void reservesSlotsWithNamesOfTheirOwn() {
        var reserved = reserve(20);

        assertThat(reserved).hasSize(20).extracting(NewBrowser::podName).doesNotHaveDuplicates();
        assertThat(reserved)
                .allSatisfy(browser -> assertThat(browser.podName()).matches("web-[b-df-hj-np-tv-z2-9]{5}"));
        assertThat(supply.browsers(pool))
                .hasSize(20)
                .allSatisfy(browser -> assertThat(browser.state()).isEqualTo(BrowserState.STARTING));
    }

    @Test
    void keepsPodNamesWithinADnsLabel() {
        var reserved = supply.reserve(slot("a".repeat(56) + "-bcdef"), 1, world.epoch);

        assertThat(reserved.getFirst().podName()).hasSizeLessThanOrEqualTo(63).doesNotContain("--");
    }

    @Test
    void warmsOnlyWhatIsStarting() {
        var browser = reserve(1).getFirst();

        assertThat(supply.warm(browser.id(), StoreWorld.location(browser), world.epoch))
                .isTrue();
        assertThat(supply.warm(browser.id(), StoreWorld.location(browser), world.epoch))
                .isFalse();
        assertThat(supply.browsers(pool)).extracting(Browser::state).containsExactly(BrowserState.WARM);
    }

    @Test
    void writesOfAnOlderLeaderDoNothing() {
        var starting = reserve(1).getFirst();
        var warm = reserve(1).getFirst();
        supply.warm(warm.id(), StoreWorld.location(warm), world.epoch);
        var before = supply.browsers(pool);

        assertThat(supply.lead("another operator")).isGreaterThan(world.epoch);

        assertThat(reserve(1)).isEmpty();
        assertThat(supply.warm(starting.id(), StoreWorld.location(starting), world.epoch))
                .isFalse();
        assertThat(supply.retire(warm.id(), world.epoch)).isFalse();
        assertThat(supply.fail(warm.id(), "x", world.epoch)).isFalse();
        supply.markCurrent(pool, "r2", world.epoch);
        assertThat(supply.outdate(List.of(warm.id()), world.epoch)).isFalse();
        supply.gone(warm.id(), EndReason.POD_LOST, world.epoch);
        assertThat(supply.browsers(pool)).isEqualTo(before);
    }

    @Test
    void retiresFailsAndForgets() throws Exception {
        var browsers = reserve(3);
        browsers.forEach(browser -> supply.warm(browser.id(), StoreWorld.location(browser), world.epoch));

        assertThat(supply.retire(browsers.get(0).id(), world.epoch)).isTrue();
        assertThat(supply.retire(browsers.get(0).id(), world.epoch)).as("again").isTrue();
        assertThat(supply.fail(browsers.get(1).id(), "ImagePullBackOff", world.epoch))
                .isTrue();
        supply.gone(browsers.get(2).id(), EndReason.POD_LOST, world.epoch);

        assertThat(supply.browsers(pool))
                .extracting(Browser::state)
                .containsExactlyInAnyOrder(BrowserState.RETIRING, BrowserState.FAILED);
        assertThat(world.strings("SELECT browser_id FROM hearth.liveness WHERE browser_id = '%s'"
                        .formatted(browsers.get(2).id())))
                .isEmpty();
    }

    @Test
    void marksOtherRevisionsStaleAndBack() throws Exception {
        var browser = reserve(1).getFirst();
        supply.warm(browser.id(), StoreWorld.location(browser), world.epoch);

        supply.markCurrent(pool, "r2", world.epoch);
        assertThat(staleness(browser)).containsExactly("t");
        supply.markCurrent(pool, "r1", world.epoch);
        assertThat(staleness(browser)).containsExactly("f");
    }

    @Test
    void whatIsTooOldStaysStaleUnderEveryRevision() throws Exception {
        var browsers = reserve(2);
        browsers.forEach(browser -> supply.warm(browser.id(), StoreWorld.location(browser), world.epoch));
        var old = browsers.getFirst();

        assertThat(supply.outdate(List.of(old.id()), world.epoch)).isTrue();
        assertThat(supply.outdate(List.of(old.id()), world.epoch)).as("again").isFalse();
        supply.markCurrent(pool, "r2", world.epoch);
        supply.markCurrent(pool, "r1", world.epoch);

        assertThat(staleness(old)).containsExactly("t");
        assertThat(staleness(browsers.getLast())).containsExactly("f");
        assertThat(supply.browsers(pool).stream().filter(Browser::outdated))
                .extracting(Browser::id)
                .containsExactly(old.id());
    }

    @Test
    @Answers("docker-selenium#1571")
    void whatIsTooOldIsClaimedLast() {
        var web = world.pool("web", null);
        var browsers = supply.reserve(new Slot(web, "shop", "web", "eu-west", "r1"), 3, world.epoch);
        browsers.forEach(browser -> supply.warm(browser.id(), StoreWorld.location(browser), world.epoch));
        supply.outdate(List.of(browsers.getFirst().id()), world.epoch);

        var claimed = Stream.generate(() -> world.claimed(world.request(web)).podName())
                .limit(3)
                .toList();

        assertThat(claimed).last().isEqualTo(browsers.getFirst().podName());
    }

    @Test
    void aBrowserThatIsJustBeingClaimedIsPassedOverWithoutWaiting() throws Exception {
        var browser = reserve(1).getFirst();
        supply.warm(browser.id(), StoreWorld.location(browser), world.epoch);
        try (var holder = world.database.connect()) {
            holder.setAutoCommit(false);
            holder.createStatement().execute("SELECT id FROM hearth.browser FOR UPDATE");
            assertThat(supply.outdate(List.of(browser.id()), world.epoch)).isFalse();
            holder.rollback();
        }
        assertThat(supply.outdate(List.of(browser.id()), world.epoch)).isTrue();
    }

    @Test
    void knowsThePoolsThatHaveBrowsers() {
        reserve(2);
        assertThat(supply.poolsWithBrowsers()).contains(pool);
    }

    private List<String> staleness(NewBrowser browser) throws Exception {
        return world.strings("SELECT stale FROM hearth.browser WHERE id = '%s'".formatted(browser.id()));
    }
}
