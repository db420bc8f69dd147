package dev.hearth.bench;

import dev.hearth.bench.SnapshotRound.Phase;
import dev.hearth.bench.chart.LineChart;
import dev.hearth.bench.chart.LineChart.Series;
import dev.hearth.local.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What somebody's open transaction costs: claims by the clock and beats beside them, before it, while it keeps what it saw,
 * and after; then how soon the server cuts off one that is not stopped by its owner.
 */
public final class SnapshotBench {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private SnapshotBench() {}

    public static void main(String[] args) throws Exception {
        var rounds = new ArrayList<SnapshotRound>();
        var home = Room.emptied("target/bench/snapshot");
        try (var server = EmbeddedPostgres.start(Files.createDirectories(home.resolve("postgres")))) {
            for (var round = 1; round <= Settings.number("HEARTH_BENCH_ROUNDS", 3); round++) {
                rounds.add(SnapshotRound.run(server, "round_" + round));
                System.out.printf(
                        "round %d: recovered after %s%n",
                        round, rounds.getLast().recovery());
            }
            try (var database = new ClaimsDatabase(server, "cut")) {
                Report.DOCS.write("snapshot", text(rounds, cut(database, ""), cut(database, "SELECT pg_sleep(300)")));
            }
        }
        System.out.println(Files.readString(Report.DOCS.file()));
    }

    /** Seconds until the server ended it. */
    private static double cut(ClaimsDatabase database, String sql) throws Exception {
        try (var held = HeldSnapshot.bounded(database)) {
            var after = held.untilCut(sql, PATIENCE);
            return Objects.requireNonNull(after, "the server lets it go on").toMillis() / 1000.0;
        }
    }

    private static String text(List<SnapshotRound> rounds, double idle, double busy) throws IOException {
        return """
                ## A held snapshot

                `make bench-snapshot` · %s · PostgreSQL 18, durable · %d claims/s by the clock through Hearth's store, each released, and %d browsers that beat every 5 s; in each of %d rounds somebody's transaction (`REPEATABLE READ`) is open for %d s. No browser was given to two.
                Recovered: from the end of that transaction to the first of 5 s in which claims came at 95 %% of their rate, and p99 of claims and P95 of batches were within 1.5 times the median second before. Median of the rounds (least–most).

                | | claims/s | claim p50 ms | claim p99 ms | batch of beats P50 ms | P95 ms | dead rows at its end |
                |---|---:|---:|---:|---:|---:|---:|
                %s

                Recovered after **%s s**. As local mode and the chart's Postgres are set up, a transaction that idles is cut off after %.1f s, one that works after %.1f s; Hearth's own take milliseconds. `hearth_oldest_snapshot_seconds` and a log line tell of one that is 15 s old.

                %s
                """.formatted(
                Report.machine(),
                SnapshotRound.CLAIMS_PER_SECOND,
                SnapshotRound.BROWSERS,
                rounds.size(),
                SnapshotRound.HELD,
                Stream.of(Phase.values()).map(phase -> row(rounds, phase)).collect(Collectors.joining("\n")),
                over(rounds, SnapshotRound::recovery).text("%.0f"),
                idle,
                busy,
                Report.DOCS.picture(
                        "held-snapshot", chart(rounds.getFirst()).svg(), "claims and beats, second by second"));
    }

    private static String row(List<SnapshotRound> rounds, Phase phase) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s | %s | %s |",
                phase.words(),
                over(rounds, round -> round.claimsPerSecond(phase)).text("%.0f"),
                over(rounds, round -> round.claims(phase, 0.5)).text("%.1f"),
                over(rounds, round -> round.claims(phase, 0.99)).text("%.1f"),
                over(rounds, round -> round.batches(phase, 0.5)).text("%.1f"),
                over(rounds, round -> round.batches(phase, 0.95)).text("%.1f"),
                over(rounds, round -> round.dead().get(phase)).text("%.0f"));
    }

    private static LineChart chart(SnapshotRound round) {
        return new LineChart(
                "A transaction held for " + SnapshotRound.HELD + " s",
                "ms",
                1,
                List.of(
                        new Series("claim p99", round.claims().quantiles(round.seconds(), 0.99)),
                        new Series("batch of beats P95", round.batches().quantiles(round.seconds(), 0.95))),
                new LineChart.Mark(round.from(), round.to(), "held"));
    }

    private static Spread over(List<SnapshotRound> rounds, ToDoubleFunction<SnapshotRound> figure) {
        return Spread.of(rounds.stream().mapToDouble(figure));
    }
}
