package dev.hearth.operator.record;

import dev.hearth.claim.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides which records to write next. Only the newest state of a session counts, so what changes twice between two looks
 * is written once. Pure: the same sessions and records in, the same plan out.
 *
 * @param keep how long the record of an ended session stays
 * @param backlog how many sessions may wait for their first record; beyond it they go without
 */
record RecordPlanner(Duration keep, int backlog) {
    /**
     * @param live sessions that should have a record, the oldest first
     * @param ended what became of sessions whose records say that they run; one that is missing has no history any more
     * @param passedOver sessions that were left without a record before, and stay so
     */
    record Snapshot(
            List<Session> live, Collection<SessionRecord> records, Map<UUID, Session> ended, Set<UUID> passedOver) {}

    /** @param endedAt null while it runs */
    record SessionRecord(
            UUID session,
            String namespace,
            String name,
            @Nullable Instant endedAt) {}

    /** One write, or two for a new record, whose status is written after it. */
    sealed interface Step {
        int writes();

        record Create(Session session) implements Step {
            @Override
            public int writes() {
                return 2;
            }
        }

        /** @param session as it ended; null where nobody knows any more */
        record Finish(SessionRecord record, @Nullable Session session) implements Step {
            @Override
            public int writes() {
                return 1;
            }
        }

        record Remove(SessionRecord record) implements Step {
            @Override
            public int writes() {
                return 1;
            }
        }
    }

    /**
     * @param steps as many as {@code writes} allow: ends before beginnings, so that nothing is said to run for long that
     *     does not
     * @param shed sessions that get no record from now on
     */
    record Plan(List<Step> steps, Set<UUID> shed) {}

    /** Records that say running while their session does not: ask what became of these. */
    static Set<UUID> vanished(List<Session> live, Collection<SessionRecord> records) {
        var running = records.stream()
                .filter(record -> record.endedAt() == null)
                .map(SessionRecord::session)
                .collect(Collectors.toCollection(HashSet::new));
        live.forEach(session -> running.remove(session.id()));
        return running;
    }

    Plan plan(Snapshot seen, int writes, Instant now) {
        var steps = new ArrayList<Step>();
        var vanished = vanished(seen.live(), seen.records());
        seen.records().stream()
                .filter(record -> vanished.contains(record.session()))
                .filter(record -> isOver(seen.ended().get(record.session())))
                .forEach(
                        record -> steps.add(new Step.Finish(record, seen.ended().get(record.session()))));
        var missing = missing(seen);
        missing.stream().limit(backlog).forEach(session -> steps.add(new Step.Create(session)));
        seen.records().stream()
                .filter(record -> isOld(record, now))
                .forEach(record -> steps.add(new Step.Remove(record)));
        return new Plan(
                affordable(steps, writes),
                missing.stream().skip(backlog).map(Session::id).collect(Collectors.toSet()));
    }

    /** A session that was claimed between the two looks is live after all. */
    private static boolean isOver(@Nullable Session session) {
        return session == null || !session.isLive();
    }

    private static List<Session> missing(Snapshot seen) {
        var recorded = seen.records().stream().map(SessionRecord::session).collect(Collectors.toSet());
        return seen.live().stream()
                .filter(session -> !recorded.contains(session.id()))
                .filter(session -> !seen.passedOver().contains(session.id()))
                .toList();
    }

    private boolean isOld(SessionRecord record, Instant now) {
        return record.endedAt() != null && !record.endedAt().plus(keep).isAfter(now);
    }

    private static List<Step> affordable(List<Step> steps, int writes) {
        var left = writes;
        var now = new ArrayList<Step>();
        for (var step : steps) {
            left -= step.writes();
            if (left < 0) {
                break;
            }
            now.add(step);
        }
        return now;
    }
}
