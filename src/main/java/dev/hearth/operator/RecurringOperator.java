package dev.hearth.operator;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator of a process that has more to do: who loses the lease stands for it again, as another candidate, for the
 * SDK's own elector stands once. Begins anew until it succeeds, or is closed.
 */
public final class RecurringOperator implements AutoCloseable {
    private static final Duration NEXT_TRY = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(RecurringOperator.class);

    private final Function<Runnable, OperatorRuntime> maker;
    private final ScheduledExecutorService restarts = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("operator-restart").factory());
    private volatile @Nullable OperatorRuntime current;
    private boolean closed;

    /** @param maker of an operator that is not started; it is given what to run when the lease is lost */
    public RecurringOperator(Function<Runnable, OperatorRuntime> maker) {
        this.maker = maker;
    }

    /** @throws OperatorStartException naming a CRD that is missing: a first start that fails is the caller's */
    public void start() {
        begin();
    }

    private synchronized void begin() {
        if (!closed) {
            var next = maker.apply(this::again);
            current = next;
            next.start();
        }
    }

    /** Not on the thread that tells of the loss: it is the elector's, and ends with it. */
    private void again() {
        restarts.execute(this::beginAgain);
    }

    private void beginAgain() {
        try {
            end();
            begin();
            LOG.info("stands for the lease again");
        } catch (RuntimeException failed) {
            LOG.atWarn().addKeyValue("reason", failed.getMessage()).log("cannot begin anew yet");
            restarts.schedule(this::beginAgain, NEXT_TRY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void end() {
        if (current != null) {
            current.close();
        }
    }

    /** Whether every watch lives; true before the start. */
    public boolean isHealthy() {
        var operator = current;
        return operator == null || operator.isHealthy();
    }

    public boolean isReady() {
        var operator = current;
        return operator != null && operator.isReady();
    }

    @Override
    public void close() {
        restarts.shutdownNow();
        synchronized (this) {
            closed = true;
            end();
        }
    }
}
