package dev.hearth.bench;

import dev.hearth.bench.fleet.FleetRows;
import dev.hearth.bench.fleet.Slices;
import dev.hearth.local.postgres.EmbeddedPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Claims and beats by the clock for a while, in whose middle somebody holds a snapshot.
 *
 * @param from the first second of the hold, of the timelines
 * @param to the first one after it
 * @param dead rows of browsers and of liveness that are garbage, at the end of each phase
 */
record SnapshotRound(Timeline claims, Timeline batches, int from, int to, int seconds, Map<Phase, Long> dead) {
    static final int CLAIMS_PER_SECOND = 500;
    static final int BROWSERS = 20_000;
    static final int HELD = 20;

    private static final int WARM_UP = 10;
    private static final int BEFORE = 15;
    private static final int AFTER = 45;
    private static final int CALM = 5;
    private static final double AS_BEFORE = 1.5;
    private static final int POOL = 2_000;
    private static final int CLIENTS = 32;
    private static final int WRITERS = 2;
    private static final int BATCH = 100;

    enum Phase {
        BEFORE,
        HELD,
        AFTER;

        String words() {
            return switch (this) {
                case BEFORE -> "before";
                case HELD -> "held, its last 5 s";
                case AFTER -> "the last 10 s after";
            };
        }
    }

    static SnapshotRound run(EmbeddedPostgres server, String name) throws Exception {
        try (var database = new ClaimsDatabase(server, name);
                var replacements = new Replacements(database);
                var threads = Executors.newFixedThreadPool(WRITERS + 1)) {
            database.stock(POOL);
            new FleetRows(database.address(), UUID.randomUUID(), "fleet").insert(0, BROWSERS);
            var length = Duration.ofSeconds(WARM_UP + BEFORE + HELD + AFTER);
            var claims = new Timeline();
            var batches = new Timeline();
            var dead = new EnumMap<Phase, Long>(Phase.class);
            var running = new ArrayList<Future<?>>();
            running.add(threads.submit(claimsOf(database, replacements, claims, length)));
            for (var n = 0; n < WRITERS; n++) {
                var slices = new Slices(n, WRITERS, BROWSERS);
                running.add(threads.submit(() -> beat(database, slices, batches, length)));
            }
            Laps.pause(Duration.ofSeconds(WARM_UP + BEFORE));
            dead.put(Phase.BEFORE, dead(database));
            var from = claims.now();
            try (var _ = HeldSnapshot.unbounded(database)) {
                Laps.pause(Duration.ofSeconds(HELD));
                dead.put(Phase.HELD, dead(database));
            }
            var to = claims.now();
            for (var one : running) {
                one.get();
            }
            replacements.check();
            dead.put(Phase.AFTER, dead(database));
            return new SnapshotRound(claims, batches, from, to, WARM_UP + BEFORE + HELD + AFTER - 1, dead);
        }
    }

    private static Callable<Void> claimsOf(
            ClaimsDatabase database, Replacements replacements, Timeline timeline, Duration length) {
        return () -> {
            var store = new StoreContender(database, database.stores(), replacements);
            var done = new Load(CLIENTS, length, CLAIMS_PER_SECOND)
                    .on(() -> new Timed(store.client(), timeline), () -> new CpuTime.Used(0, 0));
            var doubles = done.holdings().doubles(Map.of());
            if (doubles > 0 || done.refused() > 0) {
                throw new IllegalStateException(
                        "the run is void: %d doubles, %d refused".formatted(doubles, done.refused()));
            }
            return null;
        };
    }

    private record Timed(Contender.Client client, Timeline timeline) implements Contender.Client {
        @Override
        public Contender.@Nullable Held claim() throws Exception {
            var from = System.nanoTime();
            var held = client.claim();
            timeline.add(from);
            return held;
        }

        @Override
        public void release(Contender.Held held) throws Exception {
            client.release(held);
        }

        @Override
        public void close() throws Exception {
            client.close();
        }
    }

    /** Each browser every 5 s, by the clock: what is late is not left out. */
    private static Void beat(ClaimsDatabase database, Slices slices, Timeline timeline, Duration length) {
        var interval = 5_000_000_000L * BATCH * WRITERS / BROWSERS;
        var end = System.nanoTime() + length.toNanos();
        for (var due = System.nanoTime(); due < end; due += interval) {
            Laps.pause(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
            var from = System.nanoTime();
            database.stores().heartbeats().record(slices.reports(BATCH));
            timeline.add(from);
        }
        return null;
    }

    private static long dead(ClaimsDatabase database) throws SQLException {
        return PostgresUse.of(database.address(), "browser").dead()
                + PostgresUse.of(database.address(), "liveness").dead();
    }

    double claims(Phase phase, double share) {
        return claims.between(begin(phase), end(phase)).quantile(share);
    }

    double batches(Phase phase, double share) {
        return batches.between(begin(phase), end(phase)).quantile(share);
    }

    double claimsPerSecond(Phase phase) {
        return claims.between(begin(phase), end(phase)).count() / (double) (end(phase) - begin(phase));
    }

    private int begin(Phase phase) {
        return switch (phase) {
            case BEFORE -> WARM_UP;
            case HELD -> to - CALM;
            case AFTER -> seconds - 2 * CALM;
        };
    }

    private int end(Phase phase) {
        return switch (phase) {
            case BEFORE -> from;
            case HELD -> to;
            case AFTER -> seconds;
        };
    }

    /** Whole seconds after the hold. A round that did not recover has no figure: it ends the run. */
    int recovery() {
        var claimLimit = AS_BEFORE * medianSecond(claims, 0.99);
        var batchLimit = AS_BEFORE * medianSecond(batches, 0.95);
        for (var second = to; second + CALM <= seconds; second++) {
            var first = second;
            if (IntStream.range(first, first + CALM)
                    .allMatch(one -> claims.quantile(one, 0.99) <= claimLimit
                            && batches.quantile(one, 0.95) <= batchLimit
                            && claims.count(one) >= 0.95 * CLAIMS_PER_SECOND)) {
                return second - to;
            }
        }
        throw new IllegalStateException("not recovered within " + (seconds - to) + " s");
    }

    private double medianSecond(Timeline of, double share) {
        return Spread.of(of.quantiles(from, share).subList(WARM_UP, from).stream()
                        .mapToDouble(Double::doubleValue))
                .median();
    }
}
