package dev.hearth.bench;

import dev.hearth.bench.IngestCell.Outcome;
import dev.hearth.bench.fleet.FleetRows;
import dev.hearth.ingest.IngestMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What heartbeats cost: fleets of growing size beat to a real gateway every 5 s, with claims beside; one fleet has a
 * connection for each browser. Beside them, on the same tables and in turn, what the database takes in batches of several
 * sizes, and row by row.
 */
public final class HeartbeatsBench {
    private static final int STORE_BROWSERS = 100_000;
    private static final int STORE_ROUNDS = Settings.number("HEARTH_BENCH_ROUNDS", 7);
    private static final long STORE_TIME = Duration.ofSeconds(2).toNanos();

    private HeartbeatsBench() {}

    public static void main(String[] args) throws Exception {
        var options = List.of(setting("HEARTH_BENCH_GATEWAY_OPTIONS", "-Xmx2g").split(" "));
        var outcomes = new ArrayList<Outcome>();
        var voids = new ArrayList<String>();
        try (var world = HeartbeatWorld.start(Path.of("target/bench/heartbeats"))) {
            var ways = ways(world);
            write(ways, outcomes, voids, options);
            for (var cell : cells(options)) {
                System.out.println(cell);
                try {
                    outcomes.add(cell.run(world));
                } catch (RuntimeException didNotHold) {
                    voids.add(cell.didNotHold(didNotHold));
                }
                // What an hour has shown is not lost by a cell that is void.
                write(ways, outcomes, voids, options);
            }
        }
        System.out.println(Files.readString(Report.DOCS.file()));
    }

    private static void write(List<StoreCell> ways, List<Outcome> outcomes, List<String> voids, List<String> options)
            throws IOException {
        Report.DOCS.write("heartbeats", """
                ## Heartbeats

                `make bench-heartbeats` · %s · PostgreSQL 18, durable, %s, gateway %s; all of it and the fleet on these cores.
                Simulated browsers beat every 5 s, evenly spread, in the agents' own words to the ingest port of a gateway, over so many lines; none of them has a Chrome. 50 claims/s over HTTP, each released at once, run beside. Each figure: median of ten equal parts of the cell (least–most).
                Mode: full, every beat is written; delta, those that say something new and one of each browser every 45 to 75 s, and the gateway vouches for the rest. Lag: from the instant that a beat was due to the answer that says it is written, or that the gateway vouches for its browser. Left out: beats of browsers whose line took nothing.
                At the end of each cell one browser in a hundred falls silent, and is noticed when the last of them can be claimed no more. Then every row was compared with the newest beat of its browser: **none was stale (delta: older than 80 s), none missing; no browser that beat was out of the claim, and none that was silent in it**, or the cell is void.

                %s
                %s

                %s
                %s

                %s

                %s

                As fast as two writers can, %d browsers, in turn, median of %d rounds of 2 s (least–most). Row by row: one durable UPDATE for each beat, as the arithmetic goes by which one database carries 5,000 browsers. Batches: the statement of the gateway.

                %s
                %s
                """.formatted(
                        Report.machine(),
                        HeartbeatWorld.MEMORY,
                        String.join(" ", options),
                        Outcome.BEATS,
                        lines(outcomes, Outcome::beats),
                        Outcome.COST,
                        lines(outcomes, Outcome::cost),
                        voids.isEmpty() ? "" : "Did not hold: " + String.join("; ", voids) + ".",
                        picture(outcomes),
                        STORE_BROWSERS,
                        STORE_ROUNDS,
                        StoreCell.HEAD,
                        lines(ways, StoreCell::row)));
    }

    /** Of the largest fleet so far. */
    private static String picture(List<Outcome> outcomes) throws IOException {
        var largest = outcomes.stream()
                .max(Comparator.comparingInt(outcome -> outcome.cell().browsers()));
        return largest.isEmpty()
                ? ""
                : Report.DOCS.picture(
                        "heartbeats", largest.get().chart().svg(), "lag and batches of the largest fleet");
    }

    private static <T> String lines(List<T> of, Function<T, String> line) {
        return of.stream().map(line).collect(Collectors.joining("\n"));
    }

    /** In turn, round after round: whatever else the machine does meanwhile, it does to all of them. */
    private static List<StoreCell> ways(HeartbeatWorld world) throws Exception {
        var ways = Stream.concat(
                        Stream.of(2, 8).map(StoreCell::rows),
                        Stream.of(1, 25, 100, 200, 500, 1000).map(StoreCell::batches))
                .toList();
        world.clear();
        new FleetRows(world.database(), UUID.randomUUID(), "fleet").insert(0, STORE_BROWSERS);
        world.execute(StoreCell.CONTAINERS);
        for (var round = 0; round < STORE_ROUNDS; round++) {
            for (var way : ways) {
                way.run(world, STORE_BROWSERS, STORE_TIME);
            }
        }
        return ways;
    }

    private static List<IngestCell> cells(List<String> options) {
        return Stream.of(setting(
                                "HEARTH_BENCH_FLEETS",
                                "10000:64:60,100000:64:120,500000:64:600,10000:10000:60,500000:64:600:delta,1000000:64:120:delta")
                        .split(","))
                .map(cell -> cell.split(":"))
                .map(cell -> new IngestCell(
                        Integer.parseInt(cell[0]),
                        Integer.parseInt(cell[1]),
                        Duration.ofSeconds(Long.parseLong(cell[2])),
                        cell.length > 3 ? IngestMode.valueOf(cell[3].toUpperCase(Locale.ROOT)) : IngestMode.FULL,
                        options))
                .toList();
    }

    private static String setting(String name, String otherwise) {
        return System.getenv().getOrDefault(name, otherwise);
    }
}
