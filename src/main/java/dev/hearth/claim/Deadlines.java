package dev.hearth.claim;

import java.time.Duration;
import java.util.List;

/** What time alone brings about. Each database has a clock of its own, so that one that is away holds up no other's deadlines. */
public interface Deadlines {
    List<OfShard> shards();

    /** The deadlines that one database keeps. */
    interface OfShard {
        /** For logs and health. */
        String name();

        /** Ends up to {@code limit} sessions whose deadline has passed, each with the reason that was due. */
        List<Session> endOverdue(int limit);

        /** Makes browsers silent for longer than {@code silence} unclaimable, and those heard again claimable. Returns how many changed. */
        int flipSilent(Duration silence);
    }
}
