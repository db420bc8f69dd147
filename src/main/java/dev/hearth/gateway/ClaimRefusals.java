package dev.hearth.gateway;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.StoreException;
import dev.hearth.claim.WaitingLine;
import java.util.List;
import java.util.Objects;

/** The words of refused claims, and what a repeating client should make of them. Pure. */
public final class ClaimRefusals {
    private ClaimRefusals() {}

    static Refusal noPool(Claims.Wish wish) {
        return wish.pool() == null
                ? Refusal.of(
                        Problem.POOL_NOT_FOUND,
                        "No pool serves this project yet: create a BrowserPool in its namespace.")
                : Refusal.of(Problem.POOL_NOT_FOUND, "No pool " + Refusal.quote(wish.pool()) + " serves this project.")
                        .at("/pool");
    }

    static Refusal noRegion(Claims.Wish wish, List<String> known) {
        var asked = Refusal.quote(Objects.requireNonNullElse(wish.region(), ""));
        return Refusal.of(
                        Problem.REGION_UNKNOWN,
                        "Region " + asked + " has no pool for this project; known: "
                                + (known.isEmpty() ? "none" : String.join(", ", known)) + ".")
                .at("/region");
    }

    static Refusal elsewhere(Claims.Wish wish, String region) {
        return Refusal.of(
                        Problem.REGION_NOT_IN_POOL,
                        "Pool " + Refusal.quote(Objects.requireNonNullElse(wish.pool(), "")) + " is in region '"
                                + region + "'; leave 'region' out or name that one.")
                .at("/region");
    }

    static Refusal noneWarm(int starting, long seconds) {
        return Refusal.of(
                        Problem.POOL_EXHAUSTED,
                        "No warm browser is left in the pools that may serve this; " + starting + " starting.")
                .with("starting", starting)
                .retryAfter(seconds)
                .shouldRetry(true);
    }

    static Refusal overQuota(ClaimOutcome.OverQuota over) {
        var whose = switch (over.scope()) {
            case PROJECT -> "project";
            case POOL -> "pool";
        };
        // How long others will keep theirs is not ours to know; repeating at once is never of use.
        return Refusal.of(
                        Problem.QUOTA_CONCURRENT,
                        over.used() + " of " + over.limit() + " live sessions of the " + whose + " are in use.")
                .with("scope", whose)
                .with("used", over.used())
                .with("limit", over.limit())
                .header("x-ratelimit-limit", Integer.toString(over.limit()))
                .header("x-ratelimit-remaining", Integer.toString(Math.max(0, over.limit() - over.used())))
                .header("x-ratelimit-reset", "5")
                .retryAfter(5)
                .shouldRetry(false);
    }

    /** As Browserbase's: so many sessions per minute, and when the next may be made. */
    static Refusal overRate(ClaimOutcome.OverRate over) {
        var seconds = Math.max(1, (over.reset().toMillis() + 999) / 1000);
        return Refusal.of(
                        Problem.RATE_CREATE,
                        "The project may make " + over.perMinute() + " sessions per minute; the next in " + seconds
                                + " s.")
                .with("limit", over.perMinute())
                .header("x-ratelimit-limit", Integer.toString(over.perMinute()))
                .header("x-ratelimit-remaining", "0")
                .header("x-ratelimit-reset", Long.toString(seconds))
                .retryAfter(seconds)
                .shouldRetry(true);
    }

    static Refusal lineFull(WaitingLine.Entry entry) {
        return switch (entry) {
            case WaitingLine.Entry.ProjectFull(var most) ->
                Refusal.of(Problem.WAITING_LIMIT, most + " claims of this project wait at this gateway already.")
                        .with("limit", most)
                        .retryAfter(1)
                        .shouldRetry(true);
            case WaitingLine.Entry.LineFull(var most) ->
                Refusal.of(Problem.WAITING_FULL, most + " claims wait at this gateway already.")
                        .with("limit", most)
                        .retryAfter(1)
                        .shouldRetry(true);
            case WaitingLine.Entry.Entered _ -> throw new IllegalArgumentException("whoever entered is not refused");
        };
    }

    /** Nobody reads it. */
    static Refusal left() {
        return Refusal.of(Problem.POOL_EXHAUSTED, "The client left before its turn.")
                .shouldRetry(true);
    }

    static Refusal keyReused() {
        return Refusal.of(
                        Problem.IDEMPOTENCY_KEY_REUSED,
                        "This Idempotency-Key came with another request before; use a new key per request.")
                .shouldRetry(false);
    }

    static Refusal keyInProgress() {
        return Refusal.of(
                        Problem.IDEMPOTENCY_IN_PROGRESS,
                        "The first request with this Idempotency-Key is still running; repeat it for its answer.")
                .retryAfter(1)
                .shouldRetry(true);
    }

    /** @param keyed the request can be repeated without claiming twice */
    public static Refusal broken(StoreException broken, boolean keyed) {
        return switch (broken.kind()) {
            case UNAVAILABLE, MOVED ->
                Refusal.of(Problem.STORE_UNAVAILABLE, "The store cannot be reached; nothing was done.")
                        .retryAfter(1)
                        .shouldRetry(true);
            case OUTCOME_UNKNOWN ->
                Refusal.of(
                                Problem.OUTCOME_UNKNOWN,
                                "Whether this was done is unknown; repeat it with the same Idempotency-Key. A session that"
                                        + " nobody connects to is released by itself.")
                        .retryAfter(1)
                        .shouldRetry(keyed);
            case BROKEN ->
                Refusal.of(Problem.INTERNAL_ERROR, "The store refused this request; that is a defect of Hearth.")
                        .shouldRetry(false);
        };
    }
}
