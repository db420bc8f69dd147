package dev.hearth.bench;

import dev.hearth.bench.chart.BarChart;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * One row of the report: a contender under a load, measured once a round.
 *
 * @param correct a browser given to two ends the run; of the others it is counted
 * @param jvm the process whose time is the claims'
 */
record Cell(String name, Contender.Maker maker, Load load, boolean correct, long jvm, List<Figures> rounds) {
    Cell(String name, Contender.Maker maker, Load load, boolean correct, long jvm) {
        this(name, maker, load, correct, jvm, new ArrayList<>());
    }

    record Figures(
            double perSecond,
            double p50,
            double p99,
            double postgresMicros,
            double jvmMicros,
            int claims,
            int doubles,
            int refused) {}

    /** Not kept: the first run of a cell compiles it. */
    void warmUp(ClaimsDatabase database, Load load) throws Exception {
        database.tidy();
        load.on(maker.make(), () -> new CpuTime.Used(0, 0));
    }

    Figures measure(ClaimsDatabase database, long postmaster, Replacements replacements) throws Exception {
        database.tidy();
        return measureTidied(database, postmaster, replacements);
    }

    Figures measureTidied(ClaimsDatabase database, long postmaster, Replacements replacements) throws Exception {
        var contender = maker.make();
        var done = load.on(
                contender,
                () -> new CpuTime.Used(
                        CpuTime.ofPostgres(postmaster) - CpuTime.ofThread(replacements.backend()),
                        CpuTime.ofProcess(jvm)));
        replacements.check();
        var claims = Math.max(1, done.holdings().claims());
        var figures = new Figures(
                claims / done.seconds(),
                done.answers().median(),
                done.answers().quantile(0.99),
                done.used().postgres() / claims,
                done.used().jvm() / claims,
                done.holdings().claims(),
                doubles(database, done.holdings()),
                done.refused());
        if (correct && figures.doubles() > 0) {
            throw new IllegalStateException(
                    "%s gave %d browsers to two: the run is void".formatted(name, figures.doubles()));
        }
        rounds.add(figures);
        return figures;
    }

    private static int doubles(ClaimsDatabase database, Holdings holdings) throws SQLException {
        return holdings.doubles(holdings.toldBrowsers() ? Map.of() : database.browsers(holdings.sessions()));
    }

    String row() {
        return "| %s | %s | %s | %s | %s | %s | %s |"
                .formatted(
                        name,
                        over(Figures::perSecond).text("%.0f"),
                        over(Figures::p50).text("%.1f"),
                        over(Figures::p99).text("%.1f"),
                        over(Figures::postgresMicros).text("%.0f"),
                        over(Figures::jvmMicros).text("%.0f"),
                        correct
                                ? "0"
                                : "%d of %d"
                                        .formatted(
                                                rounds.stream()
                                                        .mapToInt(Figures::doubles)
                                                        .sum(),
                                                rounds.stream()
                                                        .mapToInt(Figures::claims)
                                                        .sum()));
    }

    BarChart.Bar bar() {
        var spread = over(Figures::perSecond);
        return new BarChart.Bar(name.replace("`", ""), spread.least(), spread.median(), spread.most());
    }

    int refused() {
        return rounds.stream().mapToInt(Figures::refused).sum();
    }

    double median(ToDoubleFunction<Figures> figure) {
        return over(figure).median();
    }

    /** The median over rounds of what this cell had against the other in the same round. */
    String ratio(Cell other, ToDoubleFunction<Figures> figure) {
        return Spread.of(IntStream.range(0, rounds.size())
                        .mapToDouble(
                                i -> figure.applyAsDouble(rounds.get(i)) / figure.applyAsDouble(other.rounds.get(i))))
                .text("%.2f", "×");
    }

    private Spread over(ToDoubleFunction<Figures> figure) {
        return Spread.of(rounds.stream().mapToDouble(figure));
    }
}
