package dev.hearth.gateway;

import dev.hearth.claim.Session;
import org.jspecify.annotations.Nullable;

/** What every face says of a session that it cannot serve. */
public final class SessionRefusals {
    private SessionRefusals() {}

    /** Also of what is no id at all, and of sessions of others. */
    public static Refusal unknown() {
        return Refusal.of(Problem.SESSION_NOT_FOUND, "There is no such session.");
    }

    /** @param why in the face's own words; null: not said */
    public static Refusal ended(Session over, @Nullable String why) {
        return Refusal.of(
                        Problem.SESSION_ENDED,
                        "The session ended at " + over.endedAt() + (why == null ? "" : ": " + why) + ".")
                .shouldRetry(false);
    }

    public static Refusal unreachable() {
        return Refusal.of(Problem.BROWSER_UNREACHABLE, "The session's browser did not answer.")
                .retryAfter(1);
    }
}
