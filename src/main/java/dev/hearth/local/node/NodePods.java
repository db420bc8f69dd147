package dev.hearth.local.node;

import dev.hearth.local.node.End.Cause;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** All pods bound to this LocalNode's nodes, by UID: turns what the watch says into runners and their ends. */
final class NodePods {
    private static final long BETWEEN_ATTEMPTS_NANOS = 1_000_000_000;

    private final NodeContext node;
    private final LocalImages images;
    private final PodStatusWriter writer;
    /** Finished ones stay until their object is gone: a late event must not start them again. */
    private final Map<String, PodRunner> runners = new ConcurrentHashMap<>();

    NodePods(NodeContext node, LocalImages images) {
        this.node = node;
        this.images = images;
        this.writer = new PodStatusWriter(node.client());
    }

    void seen(Pod pod) {
        var runner = runners.get(uid(pod));
        if (runner == null) {
            adopt(pod);
            return;
        }
        runner.seen(pod);
        if (pod.getMetadata().getDeletionTimestamp() != null && !runner.end(deletion(pod))) {
            remove(pod);
        }
    }

    void gone(Pod pod) {
        var runner = runners.remove(uid(pod));
        if (runner == null || !runner.end(End.of(Cause.VANISHED, node.clock().instant(), Duration.ZERO))) {
            node.directory().pod(uid(pod)).delete();
        }
    }

    private void adopt(Pod pod) {
        switch (Adoption.of(pod)) {
            case START -> start(pod);
            case REMOVE -> remove(pod);
            case FAIL_AS_LOST ->
                fail(pod, PodFailure.NODE_LOST, "its processes ended with an earlier life of this local node");
            case IGNORE -> {
                // Ended before; its object is for its owner to read.
            }
        }
    }

    private void start(Pod pod) {
        switch (PodPlanner.plan(pod, images)) {
            case PodPlan.Run plan -> {
                var runner = new PodRunner(node, pod, plan);
                runners.put(uid(pod), runner);
                runner.start();
            }
            case PodPlan.Unsupported refusal -> fail(pod, PodFailure.UNSUPPORTED, refusal.message());
        }
    }

    private void fail(Pod pod, String reason, String message) {
        var status = PodFailure.status(pod, reason, message, node.clock().instant());
        untilHeard(() -> writer.write(pod, status));
    }

    private void remove(Pod pod) {
        node.directory().pod(uid(pod)).delete();
        untilHeard(() -> writer.remove(pod));
    }

    /** Off the watch's thread, which must never wait for the API server. */
    private void untilHeard(Supplier<PodStatusWriter.Outcome> message) {
        Thread.ofVirtual().start(() -> {
            while (message.get() == PodStatusWriter.Outcome.FAILED
                    && !node.closing().get()) {
                LockSupport.parkNanos(BETWEEN_ATTEMPTS_NANOS);
            }
        });
    }

    private End deletion(Pod pod) {
        var grace = Objects.requireNonNullElse(pod.getMetadata().getDeletionGracePeriodSeconds(), 30L);
        return End.of(Cause.DELETED, node.clock().instant(), Duration.ofSeconds(grace));
    }

    /** Directories of pods that were deleted while nobody looked. */
    void forgetAllBut(Set<String> uids) {
        for (var uid : node.directory().podsOnDisk()) {
            if (!uids.contains(uid) && !runners.containsKey(uid)) {
                node.directory().pod(uid).delete();
            }
        }
    }

    boolean alive(String uid) {
        var runner = runners.get(uid);
        return runner != null && !runner.finished();
    }

    /** Ends all processes within {@code grace} and a little; objects are left as they are. */
    void shutDown(Duration grace) throws InterruptedException {
        var now = node.clock().instant();
        runners.values().forEach(runner -> runner.end(End.of(Cause.SHUTDOWN, now, grace)));
        for (var runner : runners.values()) {
            var left = Duration.between(node.clock().instant(), now.plus(grace)).plusSeconds(1);
            if (!runner.awaitConcluded(left.isNegative() ? Duration.ZERO : left)) {
                runner.end(End.of(Cause.SHUTDOWN, node.clock().instant(), Duration.ZERO));
            }
        }
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }
}
