package dev.hearth.pool;

import dev.hearth.claim.EndReason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A browser's pod as last seen, which may be some seconds ago: never proof that a pod is gone.
 *
 * @param ready the agent says that Chrome answers
 * @param unreadySince since when it is not; null while ready or never ready
 * @param scheduled a node was found
 * @param trouble what keeps a pod that is neither ready nor finished from becoming ready
 * @param end what its end means for a session; read only once the phase is FINISHED
 * @param label the value of its state label
 */
public record PodSighting(
        String uid,
        Phase phase,
        boolean ready,
        @Nullable Instant unreadySince,
        boolean deleting,
        boolean scheduled,
        Instant createdAt,
        @Nullable Trouble trouble,
        EndReason end,
        String address,
        String zone,
        String label) {

    /** How far a pod got. */
    public enum Phase {
        PENDING,
        RUNNING,
        /** Chrome exited, whatever its code: a browser's pod never restarts it. */
        FINISHED
    }
}
