package dev.hearth.gateway;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.StoreException;
import dev.hearth.claim.Vacancies.Stock;
import dev.hearth.claim.Vacancies.Vacancy;
import dev.hearth.claim.WaitingLine.Entry;
import dev.hearth.claim.WaitingLine.Waiter;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** One waiting claim. Changed under its room's lock; only its result is awaited without. */
final class WaitingPlace {
    private final Waiter waiter;
    private final ClaimRequest request;
    private final int position;
    private final long enteredNanos = System.nanoTime();
    private final CompletableFuture<Result> result = new CompletableFuture<>();
    private boolean lookedFor;
    private boolean claiming;
    private boolean left;

    WaitingPlace(Waiter waiter, ClaimRequest request, int position) {
        this.waiter = waiter;
        this.request = request;
        this.position = position;
    }

    /** What waiting came to. */
    sealed interface Result {
        /** @param nanos that the look and the claim took, without the wait before */
        record Settled(ClaimOutcome outcome, int position, long nanos) implements Result {}

        /** @param why what it would have been refused for without waiting */
        record InVain(ClaimOutcome why, int position, long waitedMillis) implements Result {}

        record Full(Entry entry) implements Result {}

        record Left(int position) implements Result {}

        record Draining() implements Result {}

        record Broken(StoreException cause) implements Result {}
    }

    Waiter waiter() {
        return waiter;
    }

    ClaimRequest request() {
        return request;
    }

    int position() {
        return position;
    }

    long waitedMillis() {
        return Duration.ofNanos(System.nanoTime() - enteredNanos).toMillis();
    }

    void lookedFor() {
        lookedFor = true;
    }

    boolean isLookedFor() {
        return lookedFor;
    }

    void claiming(boolean now) {
        claiming = now;
    }

    boolean isClaiming() {
        return claiming;
    }

    void leave() {
        left = true;
    }

    boolean hasLeft() {
        return left;
    }

    void settle(Result settled) {
        result.complete(settled);
    }

    Result await() {
        return result.join();
    }

    ClaimOutcome why(Vacancy seen) {
        var room = seen.projects().get(waiter.project());
        if (room != null && room.refusal() != null) {
            return room.refusal();
        }
        return new ClaimOutcome.NoneWarm(
                stocks(seen).mapToInt(Stock::starting).sum(),
                stocks(seen)
                        .map(Stock::ready)
                        .filter(Objects::nonNull)
                        .min(Duration::compareTo)
                        .orElse(null));
    }

    private Stream<Stock> stocks(Vacancy seen) {
        return waiter.pools().stream().filter(seen.pools()::containsKey).map(seen.pools()::get);
    }
}
