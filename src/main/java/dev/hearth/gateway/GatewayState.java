package dev.hearth.gateway;

import java.util.concurrent.atomic.AtomicInteger;

/** Whether this gateway can serve: the store answers, and no stop was asked. Readiness reads it; duties write it. */
public final class GatewayState {
    /** Fewer: one slow answer takes every gateway out of service at once. More: clients meet refusals for longer. */
    private static final int FAILURES = 4;

    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean draining;

    void storeAnswered() {
        failures.set(0);
    }

    void storeFailed() {
        failures.incrementAndGet();
    }

    public void drain() {
        draining = true;
    }

    public boolean draining() {
        return draining;
    }

    public boolean storeReachable() {
        return failures.get() < FAILURES;
    }

    public boolean ready() {
        return storeReachable() && !draining;
    }

    public static Refusal drainingRefusal() {
        return Refusal.of(Problem.DRAINING, "This gateway is shutting down; connect again.")
                .retryAfter(1)
                .shouldRetry(true);
    }
}
