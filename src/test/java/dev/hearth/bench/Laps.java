package dev.hearth.bench;

import dev.hearth.bench.fleet.Fleet;
import dev.hearth.testing.GatewayProcess;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/** One cell in equal parts, each counted by itself: a figure is their median, its spread the least and the most. */
record Laps(List<Lap> laps) {
    /** Durations in milliseconds. {@code written}: answered, which says that the row is written. */
    record Lap(
            double sent,
            double withheld,
            double stalls,
            double answered,
            double written,
            double lagMedian,
            double lagP99,
            double batchMedian,
            double batchP95,
            double batchBeats,
            double postgresCores,
            double gatewayCores,
            double heapMiB,
            double walMegabytes,
            double hotPercent,
            double deadRows,
            double tableMiB) {}

    static Laps of(HeartbeatWorld world, GatewayProcess gateway, Fleet fleet, int count, Duration each)
            throws SQLException, IOException {
        var laps = new ArrayList<Lap>();
        fleet.lap();
        var next = System.nanoTime();
        for (var n = 0; n < count; n++) {
            var before = Look.at(world, gateway);
            next += each.toNanos();
            LockSupport.parkNanos(next - System.nanoTime());
            laps.add(Look.at(world, gateway).since(before, fleet.lap()));
            System.out.println(laps.getLast());
        }
        return new Laps(laps);
    }

    static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    List<Double> figures(ToDoubleFunction<Lap> figure) {
        return laps.stream().mapToDouble(figure).boxed().toList();
    }

    String spread(String format, ToDoubleFunction<Lap> figure) {
        return Spread.of(laps.stream().mapToDouble(figure)).text(format);
    }

    /** Everything there is to read at one instant; of the processors, microseconds so far. */
    private record Look(
            long nanos,
            double postgres,
            double gateway,
            PostgresUse use,
            String metrics,
            double batches,
            double beats) {
        static Look at(HeartbeatWorld world, GatewayProcess gateway) throws SQLException, IOException {
            var metrics = gateway.metrics();
            return new Look(
                    System.nanoTime(),
                    world.postgresCpu(),
                    CpuTime.ofProcess(gateway.pid()),
                    PostgresUse.of(world.database(), "liveness"),
                    metrics,
                    metric(metrics, "hearth_batch_beats_count"),
                    metric(metrics, "hearth_batch_beats_sum"));
        }

        Lap since(Look before, Fleet.Tally tally) {
            var seconds = (nanos - before.nanos) / 1e9;
            var used = use.since(before.use);
            return new Lap(
                    tally.sent() / tally.seconds(),
                    tally.withheld() / tally.seconds(),
                    tally.stalls(),
                    tally.lags().count() / tally.seconds(),
                    (beats - before.beats) / seconds,
                    tally.lags().quantile(0.5),
                    tally.lags().quantile(0.99),
                    metric(metrics, "hearth_batch_seconds{quantile=\"0.5\"}") * 1000,
                    metric(metrics, "hearth_batch_seconds{quantile=\"0.95\"}") * 1000,
                    (beats - before.beats) / Math.max(1, batches - before.batches),
                    (postgres - before.postgres) / 1e6 / seconds,
                    (gateway - before.gateway) / 1e6 / seconds,
                    heap(metrics) / (1 << 20),
                    used.walBytes() / seconds / 1e6,
                    used.hotShare() * 100,
                    used.dead(),
                    used.tableBytes() / (double) (1 << 20));
        }

        /** In use, garbage included: all its parts together. */
        private static double heap(String metrics) {
            return Pattern.compile("^jvm_memory_used_bytes\\{area=\"heap\".*\\} (\\S+)$", Pattern.MULTILINE)
                    .matcher(metrics)
                    .results()
                    .mapToDouble(found -> Double.parseDouble(found.group(1)))
                    .sum();
        }

        private static double metric(String metrics, String name) {
            return Pattern.compile("^" + Pattern.quote(name) + " (\\S+)$", Pattern.MULTILINE)
                    .matcher(metrics)
                    .results()
                    .mapToDouble(found -> Double.parseDouble(found.group(1)))
                    .findFirst()
                    .orElse(0);
        }
    }
}
