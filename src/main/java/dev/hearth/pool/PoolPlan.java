package dev.hearth.pool;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pool does next.
 *
 * @param missing browsers that are wanted and not started now, because of a limit, a wait or a pause
 * @param trouble what keeps browsers from coming up, as seen on their pods or by the last failures
 * @param nextLook when something falls due without any event; null: nothing does
 */
public record PoolPlan(
        List<PoolAction> actions,
        PoolCounts counts,
        int missing,
        @Nullable Trouble trouble,
        @Nullable Instant nextLook) {
    public PoolPlan {
        actions = List.copyOf(actions);
    }

    /** @param other null: nothing more falls due */
    public PoolPlan lookingBy(@Nullable Instant other) {
        return other == null || (nextLook != null && nextLook.isBefore(other))
                ? this
                : new PoolPlan(actions, counts, missing, trouble, other);
    }
}
