package dev.hearth.store;

import java.util.Collection;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done for a region that someone wants on another shard, by how far an earlier attempt got. Pure. The flip,
 * one row of the control database, is the border: before it a move can be undone, after it only finished.
 */
sealed interface MovePlan {
    /** @param why in one line, and the cure */
    record Refuse(String why) implements MovePlan {}

    /** From the beginning, or again: nothing that an earlier attempt left behind counts. */
    record Carry(String from, String to) implements MovePlan {}

    /** The region is there; what it left behind is not cleared yet. */
    record Clear(String from, String to) implements MovePlan {}

    record Undo(String from, String to) implements MovePlan {}

    static MovePlan of(Standing standing, Wish wish, Collection<String> shards) {
        if (!shards.contains(wish.to())) {
            return new Refuse("shard '%s' is not configured; name one of %s"
                    .formatted(wish.to(), String.join(", ", new TreeSet<>(shards))));
        }
        return wish.cancel() ? undo(standing, wish) : carry(standing, wish);
    }

    private static MovePlan carry(Standing standing, Wish wish) {
        var to = standing.movingTo();
        var from = standing.movedFrom();
        if (from != null) {
            return standing.database().equals(wish.to())
                    ? new Clear(from, wish.to())
                    : new Refuse("its move to '%s' is not finished: run that once more first"
                            .formatted(standing.database()));
        }
        if (to != null && !to.equals(wish.to())) {
            return new Refuse("it is on its way to '%s': run that move once more, or undo it with --to %s --cancel"
                    .formatted(to, to));
        }
        return standing.database().equals(wish.to())
                ? new Refuse("it is on shard '%s' already; nothing is to be done".formatted(wish.to()))
                : new Carry(standing.database(), wish.to());
    }

    private static MovePlan undo(Standing standing, Wish wish) {
        if (standing.movedFrom() != null) {
            return new Refuse(
                    "it has arrived on '%s', too late to cancel: finish with the same command without --cancel,"
                                    .formatted(standing.database())
                            + " then move it back");
        }
        var to = standing.movingTo();
        if (to == null) {
            return new Refuse("it is not on its way anywhere; nothing is to be cancelled");
        }
        return to.equals(wish.to())
                ? new Undo(standing.database(), to)
                : new Refuse("it is on its way to '%s': cancel that with --to %s --cancel".formatted(to, to));
    }

    /** As the control database has it. */
    record Standing(
            int virtualShard,
            String database,
            @Nullable String movingTo,
            @Nullable String movedFrom) {}

    record Wish(String region, String to, boolean cancel) {}
}
