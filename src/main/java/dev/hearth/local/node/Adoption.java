package dev.hearth.local.node;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What to do with a pod that this LocalNode sees for the first time. Pure. */
enum Adoption {
    START,
    /** Deleted while nobody looked: its processes are gone with the JVM that ran them. */
    REMOVE,
    /** It ran in an earlier life of this node and nothing of it is left. */
    FAIL_AS_LOST,
    /** Ended before; kept for its owner to read. */
    IGNORE;

    private static final Set<String> TERMINAL = Set.of("Succeeded", "Failed");

    static Adoption of(Pod pod) {
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            return REMOVE;
        }
        var status = pod.getStatus();
        if (status == null) {
            return START;
        }
        if (TERMINAL.contains(String.valueOf(status.getPhase()))) {
            return IGNORE;
        }
        // With another policy a container that is gone may simply run again.
        boolean once = "Never".equals(pod.getSpec().getRestartPolicy());
        boolean ran = Stream.of(status.getInitContainerStatuses(), status.getContainerStatuses())
                .flatMap(List::stream)
                .anyMatch(Adoption::ran);
        return once && ran ? FAIL_AS_LOST : START;
    }

    private static boolean ran(ContainerStatus container) {
        var state = container.getState();
        return state != null && (state.getRunning() != null || state.getTerminated() != null);
    }
}
