package dev.hearth.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What heartbeats cost: fleets of growing size beat to a real gateway every 5 s, with claims beside; one fleet has a
 * connection for each browser. Beside them, on the same tables and in turn, what the database takes in batches of several
 * sizes, and row by row.
 */
public final class HeartbeatsBench {
    private HeartbeatsBench() {}

    public static void main(String[] args) throws Exception {
        var options = List.of(setting("HEARTH_BENCH_GATEWAY_OPTIONS", "-Xmx1g").split(" "));
        var outcomes = new ArrayList<String>();
        try (var world = HeartbeatWorld.start(Path.of("target/bench/heartbeats"))) {
            for (var cell : cells(options)) {
                System.out.println(cell);
                outcomes.add(cell.run(world).row());
                System.out.println(IngestCell.Outcome.HEAD + "\n" + outcomes.getLast());
            }
        }
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
