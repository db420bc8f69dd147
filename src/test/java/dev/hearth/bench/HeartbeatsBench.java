package dev.hearth.bench;

import dev.hearth.bench.fleet.FleetRows;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What heartbeats cost: fleets of growing size beat to a real gateway every 5 s, with claims beside; one fleet has a
 * connection for each browser. Beside them, on the same tables and in turn, what the database takes in batches of several
 * sizes, and row by row.
 */
public final class HeartbeatsBench {
    private static final int STORE_BROWSERS = 100_000;
    private static final int STORE_ROUNDS = Integer.parseInt(setting("HEARTH_BENCH_ROUNDS", "7"));
    private static final long STORE_TIME = Duration.ofSeconds(2).toNanos();

    private HeartbeatsBench() {}

    public static void main(String[] args) throws Exception {
        var options = List.of(setting("HEARTH_BENCH_GATEWAY_OPTIONS", "-Xmx1g").split(" "));
        var outcomes = new ArrayList<String>();
        try (var world = HeartbeatWorld.start(Path.of("target/bench/heartbeats"))) {
            var ways = ways(world);
            System.out.println(StoreCell.HEAD);
            ways.forEach(way -> System.out.println(way.row()));
            for (var cell : cells(options)) {
                System.out.println(cell);
                outcomes.add(cell.run(world).row());
                System.out.println(IngestCell.Outcome.HEAD + "\n" + outcomes.getLast());
            }
        }
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
        return Stream.of(setting("HEARTH_BENCH_FLEETS", "10000:64:60,100000:64:120,500000:64:600,10000:10000:60")
                        .split(","))
                .map(cell -> cell.split(":"))
                .map(cell -> new IngestCell(
                        Integer.parseInt(cell[0]),
                        Integer.parseInt(cell[1]),
                        Duration.ofSeconds(Long.parseLong(cell[2])),
                        options))
                .toList();
    }

    private static String setting(String name, String otherwise) {
        return System.getenv().getOrDefault(name, otherwise);
    }
}
