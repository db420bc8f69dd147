package dev.hearth.bench;

import dev.hearth.bench.Cell.Figures;
import dev.hearth.bench.chart.BarChart;
import dev.hearth.gateway.GatewayKeys;
import dev.hearth.local.postgres.EmbeddedPostgres;
import dev.hearth.store.bus.BusSettings;
import dev.hearth.testing.GatewayProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * Claims through Hearth beside other ways to give the same rows away, in turn on one PostgreSQL. Every session's holder is
 * on record: a browser that two held at once voids the run where it must not happen, and is the result where it does.
 */
public final class ClaimsBench {
    /** As many as the seed's statement can bear. */
    private static final int BROWSERS = 2_000;
    /** What the budget of latencies asks for. */
    private static final double STEADY = 1_000;

    private static final Duration WARM_UP = Duration.ofSeconds(10);
    /** A gateway in use has its code compiled: under full load that takes about so long. */
    private static final Duration WARM_UP_OF_GATEWAY = Duration.ofSeconds(60);

    private ClaimsBench() {}

    /** @param browsers of the larger of the two pools that are compared */
    record Size(Duration cell, int rounds, int clients, int browsers) {
        static Size ofEnvironment() {
            return new Size(
                    Duration.ofSeconds(Settings.number("HEARTH_BENCH_SECONDS", 30)),
                    Settings.number("HEARTH_BENCH_ROUNDS", 9),
                    Settings.number("HEARTH_BENCH_CLIENTS", 32),
                    Settings.number("HEARTH_BENCH_BROWSERS", 500_000));
        }

        Load load(double rate) {
            return new Load(clients, cell, rate);
        }

        Load warmUp(Duration longest) {
            var twice = cell.multipliedBy(2);
            return new Load(clients, twice.compareTo(longest) < 0 ? twice : longest, 0);
        }
    }

    public static void main(String[] args) throws Exception {
        var size = Size.ofEnvironment();
        var load = Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
        var home = Room.emptied("target/bench/claims");
        try (var server = EmbeddedPostgres.start(
                Files.createDirectories(home.resolve("postgres")), 0, List.of(HeartbeatWorld.MEMORY))) {
            var cells = contest(size, home, server);
            var growth = Growth.measure(size, server);
            Report.DOCS.write("claims", text(size, load, cells, growth));
        }
        System.out.println(Files.readString(Report.DOCS.file()));
    }

    private static List<Cell> contest(Size size, Path home, EmbeddedPostgres server) throws Exception {
        var key = home.resolve("gateway.pem");
        GatewayKeys.generate(key);
        try (var database = new ClaimsDatabase(server, "contest");
                var singly = database.stores(BusSettings.OFF);
                var gateway = GatewayProcess.start(home, database.address(), key, ClaimsDatabase.REGION);
                var replacements = new Replacements(database)) {
            // Rows that are there when a gateway first sweeps are given 15 s to beat: ours never do.
            Awaitility.await()
                    .until(() -> !database.strings("SELECT swept_at FROM sweep").isEmpty());
            database.stock(BROWSERS);
            var self = ProcessHandle.current().pid();
            var http = new HttpContender(gateway.port(), replacements);
            var cells = List.of(
                    new Cell("Hearth over HTTP", () -> http, size.load(0), true, gateway.pid()),
                    new Cell(
                            "Hearth over HTTP, 1,000/s by the clock",
                            () -> http,
                            size.load(STEADY),
                            true,
                            gateway.pid()),
                    new Cell(
                            "Hearth's store with the bus",
                            () -> new StoreContender(database, database.stores(), replacements),
                            size.load(0),
                            true,
                            self),
                    new Cell(
                            "Hearth's store, one by one",
                            () -> new StoreContender(database, singly, replacements),
                            size.load(0),
                            true,
                            self),
                    new Cell(
                            "raw `SKIP LOCKED`, same rows, one by one",
                            () -> new SqlContender(
                                    database, SqlContender.SAME_ROWS, SqlContender.SAME_ROWS_RELEASE, replacements),
                            size.load(0),
                            true,
                            self),
                    new Cell(
                            "blocking `FOR UPDATE`",
                            () -> new SqlContender(database, SqlContender.BLOCKING, SqlContender.PUT_BACK, null),
                            size.load(0),
                            true,
                            self),
                    new Cell(
                            "select, then update",
                            () -> SqlContender.selectThenUpdate(database),
                            size.load(0),
                            false,
                            self),
                    new Cell("30 s stale list", () -> SqlContender.staleList(database), size.load(0), false, self),
                    new Cell(
                            "the seed's statement",
                            () -> new SqlContender(database, SqlContender.SEED, SqlContender.PUT_BACK, null),
                            size.load(0),
                            false,
                            self));
            for (var cell : cells) {
                say("warming up: " + cell.name());
                cell.warmUp(database, size.warmUp(cell == cells.getFirst() ? WARM_UP_OF_GATEWAY : WARM_UP));
            }
            for (var round = 1; round <= size.rounds(); round++) {
                for (var cell : cells) {
                    var figures = cell.measure(database, server.pid(), replacements);
                    say("round %d of %d · %s: %.0f claims/s, p99 %.1f ms, %.0f µs of Postgres, %d doubles, %d refused"
                            .formatted(
                                    round,
                                    size.rounds(),
                                    cell.name(),
                                    figures.perSecond(),
                                    figures.p99(),
                                    figures.postgresMicros(),
                                    figures.doubles(),
                                    figures.refused()));
                }
            }
            return cells;
        }
    }

    private static String text(Size size, String before, List<Cell> cells, Growth growth) throws IOException {
        var http = cells.get(0);
        var bus = cells.get(2);
        var singly = cells.get(3);
        var raw = cells.get(4);
        var refused = cells.stream()
                .filter(cell -> cell.refused() > 0)
                .map(cell -> "%s %d".formatted(cell.name(), cell.refused()))
                .collect(Collectors.joining(", "));
        return """
                ## Claims

                `make bench-claims` · %s, load %s before the run · PostgreSQL 18, `fsync` on, %s · %d rounds of %d s cells in turn, %d clients, %d browsers. Clients, gateway and Postgres share the cores.
                Each client claims, keeps its last %d sessions and releases the oldest; a claim below is a claim with its release. The gateway served claims for a minute before. Latency is the claim's alone; at 1,000/s it counts from when the claim was due. Median of the rounds (min–max). Postgres' time is that of all its processes but the connection that puts browsers back; the JVM's is the gateway's for HTTP, else that of the clients with the store in it. Over HTTP each claim also signs its URL, and each release a word for the browser's agent, which here nobody answers.
                Raw `SKIP LOCKED` writes the rows that Hearth writes, one claim in one statement, over JDBC (the PostgreSQL distribution has no pgbench), each client on a connection of its own. The last four write one row of a table of their own, and nothing else. Doubles: claims given a browser that somebody held; one in the first six cells voids the run.

                | cell | claims/s | p50 ms | p99 ms | Postgres µs/claim | JVM µs/claim | doubles |
                |---|---:|---:|---:|---:|---:|---:|
                %s

                %s

                | against raw `SKIP LOCKED` in the same round | claims/s | Postgres µs/claim |
                |---|---:|---:|
                %s

                %s
                The bus against one by one: %s of the claims/s, %s of Postgres' time.

                %s
                """.formatted(
                Report.machine(),
                before,
                HeartbeatWorld.MEMORY,
                size.rounds(),
                size.cell().toSeconds(),
                size.clients(),
                BROWSERS,
                Load.IN_HAND,
                cells.stream().map(Cell::row).collect(Collectors.joining("\n")),
                Report.DOCS.picture("claims", chart(cells).svg(), "claims a second"),
                List.of(http, bus, singly).stream()
                        .map(cell -> "| %s | %s | %s |"
                                .formatted(
                                        cell.name(),
                                        cell.ratio(raw, Figures::perSecond),
                                        cell.ratio(raw, Figures::postgresMicros)))
                        .collect(Collectors.joining("\n")),
                refused.isEmpty() ? "No claim was refused." : "Refused, with a browser on its way: " + refused + ".",
                bus.ratio(singly, Figures::perSecond),
                bus.ratio(singly, Figures::postgresMicros),
                growth.text());
    }

    private static BarChart chart(List<Cell> cells) {
        return new BarChart(
                "Claims a second, each with its release",
                "%.0f",
                cells.stream().map(Cell::bar).toList());
    }

    static void say(String progress) {
        System.out.println(progress);
    }
}
