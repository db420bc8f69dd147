package dev.hearth.agent;

import dev.hearth.wire.BeatReply;
import java.time.Duration;
import java.util.Optional;

/**
 * What Postgres' word about this browser asks of the agent. Pure.
 *
 * @param adopt the epoch (and its session) is newer than ours: older connections are cut
 * @param hardEnd how long the session may still live; empty without one
 */
record Fence(boolean stale, boolean adopt, boolean ended, Optional<Duration> hardEnd) {
    private static final Fence STALE = new Fence(true, false, false, Optional.empty());

    /** A word of a lower epoch was spoken before a grant told us better: it binds nothing. */
    static Fence of(BeatReply word, boolean welcomed, long epoch) {
        if (welcomed && word.epoch() < epoch) {
            return STALE;
        }
        var hardEnd = word.remainingMillis() < 0
                ? Optional.<Duration>empty()
                : Optional.of(Duration.ofMillis(word.remainingMillis()));
        return new Fence(false, !welcomed || word.epoch() > epoch, word.ended(), hardEnd);
    }
}
