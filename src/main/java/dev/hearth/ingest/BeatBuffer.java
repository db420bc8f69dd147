package dev.hearth.ingest;

import dev.hearth.claim.HeartbeatStore.Fence;
import dev.hearth.claim.HeartbeatStore.Report;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides which beats are written together, when, and which are left out. Pure: time comes in. Keeps the newest beat per
 * browser only, so that a backlog never serves an older state, and no more of them than it was given room for. Not safe
 * for several threads.
 */
final class BeatBuffer {
    /** So many are worth a write at once. More: beats wait longer; fewer: a round trip carries less. */
    static final int FULL = 100;
    /** For fewer than that. Longer: fences reach browsers late. Shorter: batches stay small. */
    static final long WAIT_MILLIS = 1_000;
    /** For beats that say something new. Longer: crashed browsers stay claimable. Shorter: they go out one by one. */
    static final long URGENT_MILLIS = 50;

    private static final long NEVER = Long.MAX_VALUE;

    /** What became of a beat that was offered. */
    enum Fate {
        WAITS,
        /** An older beat of the same browser was not written yet, and never will be. */
        REPLACES,
        /** A newer one is known already. */
        OUTDATED,
        /** There was no room: this beat was dropped, or another one that said nothing new. */
        SHED,
        /** It is not written: this gateway vouches for its browser, and it said nothing new. */
        VOUCHED
    }

    /**
     * @param isNews it says, or stands for one that said, what was not known before
     * @param unheardMillis since when this browser has had a beat that waits: a newer one in the place of an older one is
     *     younger, but the store has heard nothing for as long
     */
    record Waiting(Report report, long sinceMillis, boolean isNews, long unheardMillis) {}

    private final int room;
    private final int largest;
    private final Vouched vouched;
    private final Map<UUID, Waiting> news = new LinkedHashMap<>();
    private final Map<UUID, Waiting> routine = new LinkedHashMap<>();
    private final Map<UUID, Report> last = new HashMap<>();
    /** Of browsers whose sessions may not idle for ever, as the store said last. */
    private final Map<UUID, Long> idleMillis = new HashMap<>();
    /** Their news found no room: it is still news when they tell it again. */
    private final Set<UUID> untold = new HashSet<>();

    private long due = NEVER;

    /**
     * @param room for beats that wait
     * @param largest number of beats in one batch; a backlog is written in batches of that many
     * @param vouched told of everything that happens here
     */
    BeatBuffer(int room, int largest, Vouched vouched) {
        this.room = room;
        this.largest = largest;
        this.vouched = vouched;
    }

    Fate offer(Report report, long nowMillis) {
        var before = last.get(report.browser());
        if (before != null
                && before.sequence() > report.sequence()
                && before.podUid().equals(report.podUid())) {
            return Fate.OUTDATED;
        }
        var waiting = waiting(report.browser());
        var isNews =
                isNews(before, report) || untold.contains(report.browser()) || (waiting != null && waiting.isNews());
        last.put(report.browser(), report);
        if (vouched.hears(report, !isNews && waiting == null, nowMillis)) {
            return Fate.VOUCHED;
        }
        var fate = waiting != null ? Fate.REPLACES : size() < room ? Fate.WAITS : Fate.SHED;
        if (fate == Fate.SHED && !(isNews && shedRoutine())) {
            if (isNews) {
                untold.add(report.browser());
            }
            return fate;
        }
        untold.remove(report.browser());
        put(new Waiting(report, nowMillis, isNews, waiting == null ? nowMillis : waiting.unheardMillis()));
        due = Math.min(due, nowMillis + (isNews ? URGENT_MILLIS : WAIT_MILLIS));
        return fate;
    }

    /**
     * The batch that is due, news first and then who waited longest, in the order of ids so that two writers never wait for
     * each other; empty when none is.
     */
    List<Waiting> take(long nowMillis) {
        if (size() < FULL && nowMillis < due) {
            return List.of();
        }
        var batch = new ArrayList<Waiting>(Math.min(largest, size()));
        move(news, batch);
        move(routine, batch);
        // What is left waited as long as what was taken: it stays due.
        due = size() == 0 ? NEVER : due;
        batch.sort(Comparator.comparing(beat -> beat.report().browser()));
        return batch;
    }

    /** A batch that could not be written: each of its beats counts again unless a newer one has come. */
    void giveBack(List<Waiting> batch, long nowMillis) {
        for (var beat : batch) {
            var newer = waiting(beat.report().browser());
            if (newer == null) {
                put(beat);
            } else {
                put(new Waiting(
                        newer.report(),
                        newer.sinceMillis(),
                        newer.isNews() || beat.isNews(),
                        Math.min(newer.unheardMillis(), beat.unheardMillis())));
            }
        }
        due = size() == 0 ? NEVER : nowMillis + WAIT_MILLIS;
    }

    /** The browser speaks here no longer. Its last word is still written: it may be the news that it died. */
    void forget(UUID browser) {
        last.remove(browser);
        idleMillis.remove(browser);
        untold.remove(browser);
        vouched.gone(browser);
    }

    /** What the store said of a browser whose beat it wrote. */
    void written(Fence fence, long nowMillis) {
        var browser = fence.browser();
        var speaks = last.containsKey(browser);
        if (fence.idleMillis() > 0 && speaks) {
            idleMillis.put(browser, fence.idleMillis());
        } else {
            idleMillis.remove(browser);
        }
        vouched.written(fence, speaks, nowMillis);
    }

    /** When {@link #take} will have something at the latest; {@link Long#MAX_VALUE} without any. */
    long due() {
        return size() >= FULL ? Long.MIN_VALUE : due;
    }

    /** Everything that waits. */
    void forEach(Consumer<Waiting> then) {
        news.values().forEach(then);
        routine.values().forEach(then);
    }

    int size() {
        return news.size() + routine.size();
    }

    private @Nullable Waiting waiting(UUID browser) {
        var beat = news.get(browser);
        return beat == null ? routine.get(browser) : beat;
    }

    /** In the place of the one that it replaces: who waited longest stays first. */
    private void put(Waiting beat) {
        var browser = beat.report().browser();
        if (beat.isNews()) {
            routine.remove(browser);
            news.put(browser, beat);
        } else {
            routine.put(browser, beat);
        }
    }

    private boolean shedRoutine() {
        var eldest = routine.keySet().iterator();
        if (!eldest.hasNext()) {
            return false;
        }
        eldest.next();
        eldest.remove();
        return true;
    }

    private void move(Map<UUID, Waiting> from, List<Waiting> batch) {
        var oldestFirst = from.values().iterator();
        while (oldestFirst.hasNext() && batch.size() < largest) {
            batch.add(oldestFirst.next());
            oldestFirst.remove();
        }
    }

    private boolean isNews(@Nullable Report before, Report report) {
        return before == null
                || endsIdleness(before, report)
                || before.health() != report.health()
                || before.connections() != report.connections()
                || before.connected() != report.connected()
                || before.left() != report.left()
                || before.epoch() != report.epoch()
                || !before.session().equals(report.session())
                || !before.podUid().equals(report.podUid());
    }

    /** A session ends by it, and what its client says until then is lost. */
    private boolean endsIdleness(Report before, Report report) {
        var limit = idleMillis.getOrDefault(report.browser(), Long.MAX_VALUE);
        return before.idleMillis() < limit && report.idleMillis() >= limit;
    }
}
