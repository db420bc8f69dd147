package dev.hearth.testing;

import dev.hearth.claim.EndReason;
import dev.hearth.pool.Browser;
import dev.hearth.pool.BrowserState;
import dev.hearth.pool.SupplyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Browser rows in memory, with claims and endings as gateways do them. */
public class FakeSupplyStore implements SupplyStore {
    private final Map<UUID, Browser> rows = new LinkedHashMap<>();
    private final Map<UUID, EndReason> ended = new LinkedHashMap<>();
    private final Map<UUID, Slot> slots = new LinkedHashMap<>();
    private final InstantSource clock;
    private long epoch;
    private long names;
    private long changes;

    public FakeSupplyStore(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public synchronized long lead(String identity) {
        return ++epoch;
    }

    /** How often somebody began to lead. */
    public synchronized long leads() {
        return epoch;
    }

    @Override
    public synchronized List<Browser> browsers(UUID pool) {
        return rows.values().stream().filter(row -> row.pool().equals(pool)).toList();
    }

    @Override
    public synchronized List<NewBrowser> reserve(Slot slot, int count, long leaderEpoch) {
        var reserved = new ArrayList<NewBrowser>();
        for (var i = 0; leaderEpoch == epoch && i < count; i++) {
            var id = new UUID(0x8000L, ++names);
            var now = clock.instant();
            var name = slot.name() + "-" + Long.toString(names + 46656, 36);
            rows.put(
                    id,
                    new Browser(
                            id,
                            slot.pool(),
                            name,
                            null,
                            BrowserState.STARTING,
                            slot.revision(),
                            false,
                            true,
                            now,
                            now));
            slots.put(id, slot);
            reserved.add(new NewBrowser(id, name, "token-" + names));
            changes++;
        }
        return reserved;
    }

    @Override
    public synchronized boolean warm(UUID browser, Location location, long leaderEpoch) {
        return change(browser, leaderEpoch, BrowserState.STARTING)
                && put(browser, row -> with(row, BrowserState.WARM, location.podUid(), row.healthy()));
    }

    @Override
    public synchronized boolean retire(UUID browser, long leaderEpoch) {
        return change(
                        browser,
                        leaderEpoch,
                        BrowserState.WARM,
                        BrowserState.STARTING,
                        BrowserState.RESETTING,
                        BrowserState.FAILED,
                        BrowserState.RETIRING)
                && put(browser, row -> with(row, BrowserState.RETIRING, row.podUid(), row.healthy()));
    }

    @Override
    public synchronized boolean fail(UUID browser, String reason, long leaderEpoch) {
        return change(browser, leaderEpoch, BrowserState.WARM, BrowserState.STARTING)
                && put(browser, row -> with(row, BrowserState.FAILED, row.podUid(), false));
    }

    @Override
    public synchronized void gone(UUID browser, EndReason reason, long leaderEpoch) {
        if (leaderEpoch == epoch) {
            var row = rows.remove(browser);
            if (row != null && row.state() == BrowserState.CLAIMED) {
                ended.put(browser, reason);
            }
            changes++;
        }
    }

    @Override
    public void markCurrent(UUID pool, String revision, long leaderEpoch) {}

    @Override
    public synchronized boolean outdate(List<UUID> browsers, long leaderEpoch) {
        var young = browsers.stream()
                .map(rows::get)
                .filter(row -> row != null && !row.outdated())
                .toList();
        if (leaderEpoch == epoch) {
            young.forEach(row -> put(row.id(), old -> Aged.outdated(old, true)));
        }
        return leaderEpoch == epoch && !young.isEmpty();
    }

    @Override
    public synchronized List<UUID> poolsWithBrowsers() {
        return rows.values().stream().map(Browser::pool).distinct().toList();
    }

    @Override
    public synchronized Map<UUID, String> marks() {
        var marks = new LinkedHashMap<UUID, String>();
        poolsWithBrowsers().forEach(pool -> marks.put(pool, browsers(pool).hashCode() + "/" + changes));
        return marks;
    }

    /** As a gateway: a warm browser of the pool becomes claimed. */
    public synchronized @Nullable Browser claim(UUID pool) {
        for (var row : List.copyOf(rows.values())) {
            if (row.pool().equals(pool) && row.state() == BrowserState.WARM && row.healthy()) {
                put(row.id(), warm -> with(warm, BrowserState.CLAIMED, warm.podUid(), true));
                return rows.get(row.id());
            }
        }
        return null;
    }

    /** As a gateway: the session is over, its browser goes. */
    public synchronized void release(UUID browser) {
        var row = rows.get(browser);
        if (row != null && row.state() == BrowserState.CLAIMED) {
            put(browser, claimed -> with(claimed, BrowserState.RETIRING, claimed.podUid(), true));
        }
    }

    /** As an agent's beat: Chrome is frozen. */
    public synchronized void unhealthy(UUID browser) {
        put(browser, row -> with(row, row.state(), row.podUid(), false));
    }

    /** As time that passes. */
    public synchronized void age(UUID browser, Duration older) {
        put(browser, row -> Aged.at(row, row.createdAt().minus(older), row.changedAt()));
    }

    /** How many slots were ever reserved. */
    public synchronized long reservations() {
        return names;
    }

    public synchronized @Nullable Browser row(UUID browser) {
        return rows.get(browser);
    }

    public synchronized List<Browser> all() {
        return List.copyOf(rows.values());
    }

    /** Why a claimed browser's session was ended by the operator; null where it was not. */
    public synchronized @Nullable EndReason endReason(UUID browser) {
        return ended.get(browser);
    }

    private boolean change(UUID browser, long leaderEpoch, BrowserState... from) {
        var row = rows.get(browser);
        return row != null && leaderEpoch == epoch && List.of(from).contains(row.state());
    }

    private boolean put(UUID browser, UnaryOperator<Browser> how) {
        return rows.computeIfPresent(browser, (_, row) -> {
                    changes++;
                    return how.apply(row);
                })
                != null;
    }

    private Browser with(Browser row, BrowserState state, @Nullable String podUid, boolean healthy) {
        Instant now = clock.instant();
        return new Browser(
                row.id(),
                row.pool(),
                row.podName(),
                podUid,
                state,
                row.revision(),
                row.outdated(),
                healthy,
                row.createdAt(),
                now);
    }
}
