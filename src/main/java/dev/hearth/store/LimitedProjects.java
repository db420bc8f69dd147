package dev.hearth.store;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;

/** Which projects have a limit or a rate, as last read: of the others nothing need be counted. */
final class LimitedProjects {
    /** Longer: a new limit is heeded late, beside the minute that the operator may take. Shorter: reads that tell nothing new. */
    private static final long FRESH_NANOS = Duration.ofSeconds(5).toNanos();

    /** More names than this are no projects of ours to remember one by one. */
    private static final int MOST = 10_000;

    private final Sql sql;
    private final ConcurrentHashMap<String, Seen> seen = new ConcurrentHashMap<>();

    LimitedProjects(Sql sql) {
        this.sql = sql;
    }

    private record Seen(boolean limited, long until) {}

    private static final String LIMITED = """
            SELECT /* reservation.limited */ name
              FROM project
             WHERE name = ? AND (concurrency IS NOT NULL OR creates_per_minute IS NOT NULL)
            """;

    boolean contains(String project) {
        var now = System.nanoTime();
        var known = seen.get(project);
        if (known != null && known.until() - now > 0) {
            return known.limited();
        }
        var limited = !sql.reading(statements -> statements.query(LIMITED, row -> row.getString("name"), project))
                .isEmpty();
        if (seen.size() >= MOST) {
            seen.clear();
        }
        seen.put(project, new Seen(limited, now + FRESH_NANOS));
        return limited;
    }

    /** It was written here just now. */
    void forget(String project) {
        seen.remove(project);
    }
}
