package dev.hearth.bench;

import dev.hearth.bench.ClaimProbe.Claimed;
import dev.hearth.bench.chart.LineChart;
import dev.hearth.bench.fleet.Fleet;
import dev.hearth.bench.fleet.FleetRows;
import dev.hearth.ingest.IngestMode;
import dev.hearth.testing.GatewayProcess;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A fleet beats to a gateway of its own for a while, in laps, with claims beside it; then a hundredth of it falls silent, and
 * every row is looked at.
 *
 * @param mode which beats the gateway writes
 */
record IngestCell(int browsers, int connections, Duration time, IngestMode mode, List<String> options) {
    private static final int LAPS = 10;
    /** Twice round: all rows are there, and the gateway's code is compiled. */
    private static final Duration WARM_UP = Duration.ofSeconds(12);

    private static final Duration LAST_ANSWERS = Duration.ofSeconds(30);
    private static final Duration NOTICED = Duration.ofSeconds(30);
    private static final int CLAIMS_PER_SECOND = 50;
    /** Of 75 s, and the one that is on its way: so many beats of a browser may be unwritten where not all are. */
    private static final int UNWRITTEN = 16;

    Outcome run(HeartbeatWorld world) throws Exception {
        world.clear();
        try (var gateway = GatewayProcess.start(
                        Path.of("target/bench/heartbeats/gateway"), world.database(), world.key(), "eu", settings());
                var pool = Executors.newSingleThreadExecutor()) {
            var fleetRows = new FleetRows(world.database(), UUID.randomUUID(), "fleet");
            fleetRows.insert(0, browsers);
            var lap = time.dividedBy(LAPS);
            var idleClaims = claims(world, WARM_UP.plus(lap.multipliedBy(2)));
            idleClaims.probe(gateway).run(WARM_UP);
            var idle = idleClaims.probe(gateway).run(lap.multipliedBy(2));
            var besideClaims = claims(world, time);
            var begun = System.nanoTime();
            try (var fleet =
                    Fleet.start(new InetSocketAddress("127.0.0.1", gateway.ingestPort()), 0, browsers, connections)) {
                var welcome = (System.nanoTime() - begun) / 1e9;
                Laps.pause(fleet.joining().plus(WARM_UP));
                var beside = pool.submit(() -> besideClaims.probe(gateway).run(time));
                var laps = Laps.of(world, gateway, fleet, LAPS, lap);
                var claimed = beside.get();
                var noticed = noticed(fleet, fleetRows);
                var answered = fleet.hush(LAST_ANSWERS);
                var verdict = fleetRows.verdict(fleet, mode == IngestMode.FULL ? 0 : UNWRITTEN);
                if (!answered || !verdict.isRight()) {
                    throw new IllegalStateException("the run is void: " + verdict + ", all answered: " + answered);
                }
                return new Outcome(this, laps, welcome, noticed, idle, claimed);
            }
        }
    }

    String didNotHold(RuntimeException why) {
        return "%d browsers on %d lines, %s (%s)".formatted(browsers, connections, word(), why.getMessage());
    }

    private List<String> settings() {
        return Stream.concat(options.stream(), Stream.of("-Dhearth.ingest.mode=" + mode))
                .toList();
    }

    /** How long it took until all that fell silent at once could not be claimed any more, in seconds. */
    private static double noticed(Fleet fleet, FleetRows rows) throws Exception {
        var silent = fleet.silenceSome();
        var begun = System.nanoTime();
        Awaitility.await()
                .atMost(NOTICED)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> rows.unclaimable() >= silent);
        return (System.nanoTime() - begun) / 1e9;
    }

    private String word() {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    private Claims claims(HeartbeatWorld world, Duration during) throws Exception {
        var id = UUID.randomUUID();
        var name = "claims-" + id.toString().substring(0, 8);
        world.pool(id, name);
        world.spare(id, name, (int) during.toSeconds() * CLAIMS_PER_SECOND);
        return new Claims(name);
    }

    private record Claims(String pool) {
        ClaimProbe probe(GatewayProcess gateway) {
            return new ClaimProbe(gateway.port(), HeartbeatWorld.KEY, pool, CLAIMS_PER_SECOND);
        }
    }

    /**
     * @param welcome seconds until every browser had said hello and was let in
     * @param noticed seconds until no claim could find a hundredth of them that fell silent
     */
    record Outcome(IngestCell cell, Laps laps, double welcome, double noticed, Claimed idle, Claimed beside) {
        static final String BEATS = """
                | browsers | lines | mode | s | beats due and sent/s | left out/s | answered/s | written/s | beats in a batch | batch P50 ms | batch P95 ms | lag P50 ms | lag P99 ms |
                |---:|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|""";

        static final String COST = """
                | browsers | lines | mode | Postgres, cores | gateway, cores | heap MiB | WAL MB/s | HOT % | dead rows | liveness MiB | claim p50 ms, idle → beside | claim p99 ms, idle → beside | claims refused | hellos/s | 1 % silent: noticed after s |
                |---:|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|""";

        String beats() {
            return cells(List.of(
                    Long.toString(cell.time.toSeconds()),
                    laps.spread("%.0f", Laps.Lap::sent),
                    laps.spread("%.0f", Laps.Lap::withheld),
                    laps.spread("%.0f", Laps.Lap::answered),
                    laps.spread("%.0f", Laps.Lap::written),
                    laps.spread("%.0f", Laps.Lap::batchBeats),
                    laps.spread("%.2f", Laps.Lap::batchMedian),
                    laps.spread("%.2f", Laps.Lap::batchP95),
                    laps.spread("%.0f", Laps.Lap::lagMedian),
                    laps.spread("%.0f", Laps.Lap::lagP99)));
        }

        String cost() {
            return cells(List.of(
                    laps.spread("%.2f", Laps.Lap::postgresCores),
                    laps.spread("%.2f", Laps.Lap::gatewayCores),
                    laps.spread("%.0f", Laps.Lap::heapMiB),
                    laps.spread("%.2f", Laps.Lap::walMegabytes),
                    laps.spread("%.1f", Laps.Lap::hotPercent),
                    laps.spread("%.0f", Laps.Lap::deadRows),
                    laps.spread("%.0f", Laps.Lap::tableMiB),
                    toward(0.5),
                    toward(0.99),
                    Integer.toString(beside.refused()),
                    "%.0f".formatted(cell.browsers / welcome),
                    "%.1f".formatted(noticed)));
        }

        LineChart chart() {
            return new LineChart(
                    "%d browsers on %d lines, %s".formatted(cell.browsers, cell.connections, cell.word()),
                    "ms",
                    cell.time.toSeconds() / (double) LAPS,
                    List.of(
                            new LineChart.Series("lag P99", laps.figures(Laps.Lap::lagP99)),
                            new LineChart.Series("lag P50", laps.figures(Laps.Lap::lagMedian)),
                            new LineChart.Series("batch P95", laps.figures(Laps.Lap::batchP95))),
                    LineChart.Mark.NONE);
        }

        private String cells(List<String> more) {
            return "| %d | %d | %s | %s |"
                    .formatted(cell.browsers, cell.connections, cell.word(), String.join(" | ", more));
        }

        private String toward(double share) {
            return String.format(
                    Locale.ROOT,
                    "%.1f → %.1f",
                    idle.latencies().quantile(share),
                    beside.latencies().quantile(share));
        }
    }
}
