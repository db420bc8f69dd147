package dev.hearth.local.node;

import dev.hearth.local.node.End.Cause;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one pod from its first container to its last word, on a thread of its own: observe, decide, act, report, wait.
 * Ending it is asked for by {@link #end}; nothing of the pod is alive once {@link #finished}.
 */
final class PodRunner {
    private static final Logger LOG = LoggerFactory.getLogger(PodRunner.class);
    /** Limits are watched and a silent API server is tried again this often; exits and probes wake the loop at once. */
    private static final Duration TICK = Duration.ofSeconds(1);

    private final NodeContext node;
    private final PodPlan.Run plan;
    private final PodReporter reporter;
    private final PodContainers containers;
    private final PodPlace place;
    private final Semaphore wake = new Semaphore(0);
    private final CountDownLatch concluded = new CountDownLatch(1);
    private boolean finished;
    private Optional<End> end = Optional.empty();

    PodRunner(NodeContext node, Pod pod, PodPlan.Run plan) {
        this.node = node;
        this.plan = plan;
        this.containers = new PodContainers(plan.containers(), this::wake);
        this.place = new PodPlace(node, pod, plan);
        this.reporter = new PodReporter(node, pod, plan);
    }

    void start() {
        Thread.ofVirtual().name("pod " + reporter.pod().getMetadata().getName()).start(this::run);
    }

    /** The object changed: readiness gates may have. */
    void seen(Pod pod) {
        reporter.seen(pod);
        wake();
    }

    /** @return false when the pod has finished already and this order comes too late */
    synchronized boolean end(End order) {
        if (finished) {
            return false;
        }
        end = Optional.of(end.map(order::and).orElse(order));
        wake();
        return true;
    }

    synchronized boolean finished() {
        return finished;
    }

    /** @return whether it has finished and cleaned up behind itself */
    boolean awaitConcluded(Duration patience) throws InterruptedException {
        return concluded.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void run() {
        try {
            live();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException broken) {
            LOG.atError()
                    .addKeyValue("pod", reporter.pod().getMetadata().getName())
                    .setCause(broken)
                    .log("a pod's runner failed; the pod ends");
            containers.killAll(node.clock().instant());
            reporter.failed("LocalNodeError", String.valueOf(broken.getMessage()));
        } finally {
            conclude();
        }
    }

    private void live() throws InterruptedException {
        while (true) {
            var now = node.clock().instant();
            place.advance();
            var seen = containers.observe(now);
            place.excess().ifPresent(message -> end(evicted(message, now)));
            var order = order();
            var decision = PodSteps.decide(seen, plan, order.map(End::stop), now);
            for (var step : decision.steps()) {
                containers.act(step, place.launcher(), now);
            }
            boolean ending = decision.finished() || order.isPresent();
            boolean told = tell(order, decision.finished(), ending);
            if (decision.finished() && told) {
                return;
            }
            await(decision.wakeAt(), now);
        }
    }

    private boolean tell(Optional<End> order, boolean over, boolean ending) {
        if (order.filter(given -> given.cause().compareTo(Cause.SHUTDOWN) >= 0).isPresent()) {
            return true;
        }
        var evicted = order.filter(given -> given.cause() == Cause.EVICTED);
        return reporter.report(new PodReporter.Observation(
                containers.progress(), place.address(), place.waitsFor(), over, ending, evicted.map(End::message)));
    }

    private static End evicted(String message, Instant now) {
        // One second, a kubelet's figure: the disk or memory is needed now.
        return new End(Cause.EVICTED, new PodSteps.Stop(now, Duration.ofSeconds(1)), message);
    }

    private void await(Optional<Instant> wakeAt, Instant now) throws InterruptedException {
        var tick = now.plus(TICK);
        var until = wakeAt.filter(tick::isAfter).orElse(tick);
        var wait = Duration.between(node.clock().instant(), until);
        if (wake.tryAcquire(Math.max(1, wait.toMillis()), TimeUnit.MILLISECONDS)) {
            wake.drainPermits();
        }
    }

    private void conclude() {
        try {
            place.leave();
            var last = lastOrder();
            if (last.isEmpty()) {
                place.directory().deleteData();
                return;
            }
            switch (last.get().cause()) {
                case EVICTED, SHUTDOWN -> place.directory().deleteData();
                case VANISHED -> place.directory().delete();
                case DELETED -> reporter.remove(place.directory());
            }
        } finally {
            concluded.countDown();
        }
    }

    /** Exactly one of this and a later {@link #end} sees the other, so a deletion is never lost between them. */
    private synchronized Optional<End> lastOrder() {
        finished = true;
        return end;
    }

    private synchronized Optional<End> order() {
        return end;
    }

    private void wake() {
        wake.release();
    }
}
