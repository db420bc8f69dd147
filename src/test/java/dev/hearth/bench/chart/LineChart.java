package dev.hearth.bench.chart;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Figures over time, by a scale of powers of ten: what is a hundred times worse for a moment does not hide the rest.
 *
 * @param step seconds from one figure to the next
 * @param marked from which figure to which (exclusively) the time is shaded, and what happened then
 */
public record LineChart(String title, String unit, double step, List<Series> series, Mark marked) {
    private static final int LEFT = 60;
    private static final int WIDTH = 700;
    private static final int TOP = 46;
    private static final int HEIGHT = 220;

    public record Series(String name, List<Double> figures) {}

    public record Mark(int from, int to, String what) {
        public static final Mark NONE = new Mark(0, 0, "");
    }

    public String svg() {
        var svg = new Svg(LEFT + WIDTH + 20, TOP + HEIGHT + 44, title);
        var points = series.stream().mapToInt(one -> one.figures().size()).max().orElse(1);
        var decades = Decades.of(series);
        if (marked.to() > marked.from()) {
            svg.bar(
                    x(marked.from(), points),
                    TOP,
                    x(marked.to(), points) - x(marked.from(), points),
                    HEIGHT,
                    "#ef4444",
                    0.12);
            svg.text(x(marked.from(), points) + 4, TOP + 14, "start", "", marked.what());
        }
        for (var power = decades.lowest(); power <= decades.highest(); power++) {
            var figure = Math.pow(10, power);
            svg.line(LEFT, decades.y(figure), LEFT + WIDTH, decades.y(figure));
            svg.text(
                    LEFT - 6,
                    decades.y(figure) + 4,
                    "end",
                    "",
                    String.format(Locale.ROOT, power < 0 ? "%.1f" : "%.0f", figure));
        }
        var every = Math.max(1, points / 8);
        for (var n = 0; n <= points; n += every) {
            svg.text(x(n, points), TOP + HEIGHT + 16, "middle", "", String.format(Locale.ROOT, "%.0f s", n * step));
        }
        for (var i = 0; i < series.size(); i++) {
            var one = series.get(i);
            svg.path(
                    IntStream.range(0, one.figures().size())
                            .mapToObj(n -> String.format(
                                    Locale.ROOT,
                                    "%.1f,%.1f",
                                    x(n + 0.5, points),
                                    decades.y(one.figures().get(n))))
                            .collect(Collectors.joining(" ")),
                    Svg.COLOURS[i]);
            svg.bar(LEFT + i * 180, TOP - 20, 10, 10, Svg.COLOURS[i], 1);
            svg.text(LEFT + i * 180 + 14, TOP - 11, "start", "", one.name() + ", " + unit);
        }
        return svg.toString();
    }

    private static double x(double n, int points) {
        return LEFT + WIDTH * n / points;
    }

    private record Decades(int lowest, int highest) {
        static Decades of(List<Series> series) {
            var figures = series.stream()
                    .flatMap(one -> one.figures().stream())
                    .mapToDouble(Double::doubleValue)
                    .filter(figure -> figure > 0)
                    .summaryStatistics();
            if (figures.getCount() == 0) {
                return new Decades(0, 1);
            }
            var lowest = (int) Math.floor(Math.log10(figures.getMin()));
            return new Decades(lowest, Math.max(lowest + 1, (int) Math.ceil(Math.log10(figures.getMax()))));
        }

        double y(double figure) {
            var share = (Math.log10(Math.max(figure, Math.pow(10, lowest))) - lowest) / (highest - lowest);
            return TOP + HEIGHT * (1 - share);
        }
    }
}
