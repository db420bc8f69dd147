package dev.hearth.ingest;

import dev.hearth.claim.HeartbeatStore.Report;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Decides which beats are written together, and when. Pure: time comes in. Keeps the newest beat per browser only, so a
 * store that is away costs one beat per browser and no more. Not safe for several threads.
 */
final class BeatBuffer {
    /** Larger batches hold their row locks longer; smaller ones cost a round trip for fewer beats. */
    static final int BATCH = 100;
    /** For a full batch. Longer: fences reach browsers late. Shorter: batches stay small. */
    static final long WAIT_MILLIS = 1_000;
    /** For beats that say something new. Longer: crashed browsers stay claimable. Shorter: they go out one by one. */
    static final long URGENT_MILLIS = 50;

    private static final long NEVER = Long.MAX_VALUE;

    private final Map<UUID, Report> pending = new LinkedHashMap<>();
    private final Map<UUID, Report> last = new HashMap<>();
    private long due = NEVER;

    void offer(Report report, long nowMillis) {
        var before = last.put(report.browser(), report);
        if (before != null
                && before.sequence() > report.sequence()
                && before.podUid().equals(report.podUid())) {
            last.put(report.browser(), before);
            return;
        }
        pending.put(report.browser(), report);
        due = Math.min(due, nowMillis + (isNews(before, report) ? URGENT_MILLIS : WAIT_MILLIS));
    }

    /** The batch that is due, in the order of ids so that two writers never wait for each other; empty when none is. */
    List<Report> take(long nowMillis) {
        if (pending.size() < BATCH && nowMillis < due) {
            return List.of();
        }
        var batch = new ArrayList<Report>(Math.min(BATCH, pending.size()));
        var oldestFirst = pending.values().iterator();
        while (oldestFirst.hasNext() && batch.size() < BATCH) {
            batch.add(oldestFirst.next());
            oldestFirst.remove();
        }
        // What is left waited as long as what was taken: it stays due.
        due = pending.isEmpty() ? NEVER : due;
        batch.sort(Comparator.comparing(Report::browser));
        return batch;
    }

    /** A batch that could not be written: each of its beats counts again unless a newer one has come. */
    void giveBack(List<Report> batch, long nowMillis) {
        for (var report : batch) {
            pending.putIfAbsent(report.browser(), report);
        }
        due = pending.isEmpty() ? NEVER : nowMillis + WAIT_MILLIS;
    }

    /** The browser speaks here no longer. Its last word is still written: it may be the news that it died. */
    void forget(UUID browser) {
        last.remove(browser);
    }

    /** When {@link #take} will have something at the latest; {@link Long#MAX_VALUE} without any. */
    long due() {
        return pending.size() >= BATCH ? Long.MIN_VALUE : due;
    }

    int size() {
        return pending.size();
    }

    private static boolean isNews(@org.jspecify.annotations.Nullable Report before, Report report) {
        return before == null
                || before.health() != report.health()
                || before.connections() != report.connections()
                || before.connected() != report.connected()
                || before.left() != report.left()
                || before.epoch() != report.epoch()
                || !before.session().equals(report.session())
                || !before.podUid().equals(report.podUid());
    }
}
