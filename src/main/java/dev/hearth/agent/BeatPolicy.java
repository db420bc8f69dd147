package dev.hearth.agent;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When to beat and when to try again. Pure; chance comes in as a number from 0 to 1. */
final class BeatPolicy {
    /** Longer: the 15 s of silence that make a browser unclaimable hold too few beats. Shorter: more writes, no gain. */
    static final Duration INTERVAL = Duration.ofSeconds(5);

    /** Spreads the beats of browsers that started together. */
    private static final double JITTER = 0.1;

    /**
     * A beat unanswered for this long means that its gateway is frozen. Longer: the next gateway hears of us after the 15 s
     * are over. Shorter: a slow commit costs a reconnect.
     */
    static final Duration ANSWER = Duration.ofSeconds(6);

    private static final long SHORTEST_BACKOFF = 100;
    private static final long LONGEST_BACKOFF = 5_000;

    private BeatPolicy() {}

    /** A change is told at once. */
    static boolean dueNow(@Nullable Facts told, Facts facts) {
        return !facts.equals(told);
    }

    /**
     * Never later than the interval: jitter only shortens. At the moment at which the session has been idle for long enough
     * a beat says so, or that a command came: otherwise Postgres would judge by a word that is up to an interval old.
     *
     * @param untilIdle as this beat knows it: once the moment has passed, this very beat tells it
     */
    static Duration untilNext(double chance, Optional<Duration> untilIdle) {
        var regular = Duration.ofMillis(Math.round(INTERVAL.toMillis() * (1 - JITTER * chance)));
        return sooner(regular, untilIdle.filter(Duration::isPositive));
    }

    static Duration sooner(Duration planned, Optional<Duration> untilIdle) {
        return untilIdle.filter(left -> left.compareTo(planned) < 0).orElse(planned);
    }

    /** Full jitter: all agents of a dead gateway must not knock at the next one together. */
    static Duration backoff(int failures, double chance) {
        var ceiling = Math.min(LONGEST_BACKOFF, SHORTEST_BACKOFF << Math.min(failures, 10));
        return Duration.ofMillis(Math.round(SHORTEST_BACKOFF + (ceiling - SHORTEST_BACKOFF) * chance));
    }
}
