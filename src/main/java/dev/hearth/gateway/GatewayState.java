package dev.hearth.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Whether this gateway can serve: the store answers, and no stop was asked. Readiness reads it; duties write it. */
public final class GatewayState {
    /** Fewer: one slow answer counts as an outage. More: it is told late. */
    private static final int FAILURES = 4;

    /**
     * A gateway without a store still says why it refuses, and when to come again. All lose the same store at once: unready,
     * they would leave their clients a port that is closed. Longer: one that alone cannot reach it refuses its share of the
     * claims for so long.
     */
    static final Duration STILL_READY = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private final Map<String, Standing> shards = new ConcurrentHashMap<>();
    private volatile boolean draining;

    public GatewayState() {
        this(System::nanoTime);
    }

    GatewayState(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * @param served whether it has ever answered: a gateway that was pointed at a wrong place never gets traffic
     * @param failures since its last answer
     * @param since when the first of them was
     */
    private record Standing(boolean served, int failures, long since) {
        static final Standing NEVER_ASKED = new Standing(false, 0, 0);

        Standing failedAt(long now) {
            return new Standing(served, failures + 1, failures == 0 ? now : since);
        }

        boolean reachable() {
            return failures < FAILURES;
        }

        boolean wasThereAt(long now) {
            return reachable() || (served && now - since < STILL_READY.toNanos());
        }
    }

    void storeAnswered(String shard) {
        shards.put(shard, new Standing(true, 0, 0));
    }

    void storeFailed(String shard) {
        var now = nanoTime.getAsLong();
        shards.compute(
                shard,
                (_, before) ->
                        Objects.requireNonNullElse(before, Standing.NEVER_ASKED).failedAt(now));
    }

    public void drain() {
        draining = true;
    }

    public boolean draining() {
        return draining;
    }

    boolean storeReachable(String shard) {
        return shards.getOrDefault(shard, Standing.NEVER_ASKED).reachable();
    }

    /** Shards that have not answered for a while; their regions are refused, the others served. */
    public List<String> shardsAway() {
        return shards.keySet().stream()
                .filter(shard -> !storeReachable(shard))
                .sorted()
                .toList();
    }

    /** A gateway that reaches one shard is of use: without it there would be one fewer for the regions that live. */
    public boolean storeReachable() {
        return someShard(Standing::reachable);
    }

    public boolean ready() {
        var now = nanoTime.getAsLong();
        return !draining && someShard(shard -> shard.wasThereAt(now));
    }

    /** Before the first look at any of them all is well. */
    private boolean someShard(Predicate<Standing> is) {
        return shards.isEmpty() || shards.values().stream().anyMatch(is);
    }

    public static Refusal drainingRefusal() {
        return Refusal.of(Problem.DRAINING, "This gateway is shutting down; connect again.")
                .retryAfter(1)
                .shouldRetry(true);
    }
}
