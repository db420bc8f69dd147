package dev.hearth.cloudflare;

import dev.hearth.claim.Directory.Project;
import dev.hearth.claim.Session;
import java.util.List;

/**
 * What a project may still claim, in Cloudflare's shape. Every live session of the project counts, by whichever face it
 * was made: the quota is one.
 *
 * @param maxConcurrentSessions {@link Integer#MAX_VALUE} where the project has no limit of its own
 * @param allowedBrowserAcquisitions 1 or 0
 * @param timeUntilNextAllowedBrowserAcquisition in milliseconds; a session's end cannot be foreseen, so this is when
 *     asking again is of use
 */
record LimitsFacts(
        List<Id> activeSessions,
        int maxConcurrentSessions,
        int allowedBrowserAcquisitions,
        long timeUntilNextAllowedBrowserAcquisition) {

    /** As long as a refused claim is told to wait. */
    private static final long AGAIN_MILLIS = 5_000;

    /** Where a project has no limit: more than a list is read for. */
    static final int MOST_LISTED = 1_000;

    record Id(String id) {}

    static LimitsFacts of(Project project, List<Session> live) {
        var limit = project.concurrency();
        var allowed = limit == null || live.size() < limit;
        return new LimitsFacts(
                live.stream().map(session -> new Id(session.id().toString())).toList(),
                limit == null ? Integer.MAX_VALUE : limit,
                allowed ? 1 : 0,
                allowed ? 0 : AGAIN_MILLIS);
    }
}
