package dev.hearth.local.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Keeps one pod's status at the API server equal to what is observed; writes only what changed. */
final class PodReporter {
    private static final long BETWEEN_ATTEMPTS_NANOS = 1_000_000_000;

    private final NodeContext node;
    private final PodPlan.Run plan;
    private final PodStatusWriter writer;
    private final Instant startedAt;
    private volatile Pod pod;
    private @Nullable PodStatus written;

    PodReporter(NodeContext node, Pod pod, PodPlan.Run plan) {
        this.node = node;
        this.plan = plan;
        this.pod = pod;
        this.writer = new PodStatusWriter(node.client());
        this.startedAt = node.clock().instant();
    }

    /**
     * @param waitsFor what the first container still waits for; empty: nothing
     * @param over nothing runs and nothing will
     * @param ending no container will be started again
     */
    record Observation(
            List<ContainerProgress> containers,
            Optional<String> address,
            String waitsFor,
            boolean over,
            boolean ending,
            Optional<String> evicted) {}

    Pod pod() {
        return pod;
    }

    void seen(Pod newer) {
        pod = newer;
    }

    /** @return whether the API server knows it, or no longer wants to */
    boolean report(Observation seen) {
        var status = PodReport.status(
                new PodReport.Facts(
                        pod.getMetadata().getUid(),
                        phase(seen),
                        seen.evicted(),
                        seen.address(),
                        seen.waitsFor(),
                        startedAt,
                        plan.restart(),
                        seen.ending(),
                        seen.containers(),
                        plan.readinessGates()),
                known(),
                node.clock().instant());
        return status.equals(written) || write(status);
    }

    /** An evicted pod failed, however politely its containers left. */
    private static PodPhase phase(Observation seen) {
        var phase = PodPhase.of(seen.containers(), seen.over());
        return phase == PodPhase.SUCCEEDED && seen.evicted().isPresent() ? PodPhase.FAILED : phase;
    }

    void failed(String reason, String message) {
        write(PodFailure.status(pod, reason, message, node.clock().instant()));
    }

    /** The last word about a deleted pod, repeated until the API server has heard it. */
    void remove(PodDirectory directory) {
        directory.delete();
        while (writer.remove(pod) == PodStatusWriter.Outcome.FAILED
                && !node.closing().get()) {
            LockSupport.parkNanos(BETWEEN_ATTEMPTS_NANOS);
        }
    }

    private boolean write(PodStatus status) {
        if (writer.write(pod, status) == PodStatusWriter.Outcome.FAILED) {
            return false;
        }
        written = status;
        return true;
    }

    /** Our own conditions as we last wrote them (a watch lags), those of others as they were last seen. */
    private PodStatus known() {
        var seen = Optional.ofNullable(pod.getStatus()).orElseGet(PodStatus::new);
        if (written == null) {
            return seen;
        }
        return new PodStatusBuilder(written)
                .addAllToConditions(seen.getConditions())
                .build();
    }
}
