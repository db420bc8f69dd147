package dev.hearth.gateway;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Whether this gateway can serve: the store answers, and no stop was asked. Readiness reads it; duties write it. */
public final class GatewayState {
    /** Fewer: one slow answer takes every gateway out of service at once. More: clients meet refusals for longer. */
    private static final int FAILURES = 4;

    private final Map<String, Integer> failures = new ConcurrentHashMap<>();
    private volatile boolean draining;

    void storeAnswered(String shard) {
        failures.put(shard, 0);
    }

    void storeFailed(String shard) {
        failures.merge(shard, 1, Integer::sum);
    }

    public void drain() {
        draining = true;
    }

    public boolean draining() {
        return draining;
    }

    boolean storeReachable(String shard) {
        return failures.getOrDefault(shard, 0) < FAILURES;
    }

    /** Shards that have not answered for a while; their regions are refused, the others served. */
    public List<String> shardsAway() {
        return failures.keySet().stream()
                .filter(shard -> !storeReachable(shard))
                .sorted()
                .toList();
    }

    /** A gateway that reaches one shard is of use: without it there would be one fewer for the regions that live. */
    public boolean storeReachable() {
        return failures.isEmpty() || failures.keySet().stream().anyMatch(this::storeReachable);
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
