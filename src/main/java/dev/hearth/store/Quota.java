package dev.hearth.store;

import dev.hearth.claim.ClaimOutcome;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How much of a limit is used, and of a rate; without either: never full. Counts what a claim group takes. */
final class Quota {
    private final @Nullable Integer limit;
    private final @Nullable Rate rate;
    private final long usedBefore;
    private long taken;

    Quota(long used, @Nullable Integer limit, @Nullable Rate rate) {
        this.usedBefore = used;
        this.limit = limit;
        this.rate = rate;
    }

    Quota(long used, @Nullable Integer limit) {
        this(used, limit, null);
    }

    /** A counter's row, added up. */
    static Quota of(ResultSet row) throws SQLException {
        var perMinute = (Integer) row.getObject("creates_per_minute");
        return new Quota(
                row.getLong("live"),
                (Integer) row.getObject("live_limit"),
                perMinute == null ? null : new Rate(perMinute, row.getDouble("tokens")));
    }

    /** @param tokens one for each session that may be made now */
    record Rate(int perMinute, double tokens) {
        private long whole(long taken) {
            return (long) Math.floor(tokens) - taken;
        }

        private Duration reset(long taken) {
            return Duration.ofMillis((long) Math.ceil((1 - (tokens - taken)) * 60_000 / perMinute));
        }
    }

    boolean isLimited() {
        return limit != null || rate != null;
    }

    void take() {
        taken++;
    }

    long left() {
        var byLimit = limit == null ? Long.MAX_VALUE : limit - usedBefore - taken;
        return rate == null ? byLimit : Math.min(byLimit, rate.whole(taken));
    }

    /** Why nothing is left. A limit outlasts a rate, so it is named first. */
    ClaimOutcome exceeded(ClaimOutcome.Scope scope) {
        if (rate != null && (limit == null || limit > usedBefore + taken)) {
            return new ClaimOutcome.OverRate(rate.perMinute(), rate.reset(taken));
        }
        return new ClaimOutcome.OverQuota(scope, Math.toIntExact(usedBefore + taken), limit == null ? 0 : limit);
    }
}
