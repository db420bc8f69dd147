package dev.hearth.bench.chart;

import java.util.List;
import java.util.Locale;

/**
 * Named figures as bars, each with the least and the most of its rounds as a thin bar over it.
 *
 * @param format of a figure, such as {@code "%.0f"}
 */
public record BarChart(String title, String format, List<Bar> bars) {
    private static final int LABELS = 300;
    private static final int LENGTH = 380;
    private static final int ROW = 24;
    private static final int TOP = 30;

    public record Bar(String name, double least, double median, double most) {}

    public String svg() {
        var svg = new Svg(LABELS + LENGTH + 120, TOP + bars.size() * ROW + 6, title);
        var longest = bars.stream().mapToDouble(Bar::most).max().orElse(1);
        for (var i = 0; i < bars.size(); i++) {
            var bar = bars.get(i);
            var y = TOP + i * ROW;
            svg.text(LABELS - 8, y + 13, "end", "", bar.name());
            svg.bar(LABELS, y, length(bar.median(), longest), 16, Svg.COLOURS[0], 0.9);
            svg.bar(
                    LABELS + length(bar.least(), longest),
                    y + 7,
                    length(bar.most() - bar.least(), longest),
                    2,
                    Svg.COLOURS[5],
                    1);
            svg.text(
                    LABELS + length(bar.most(), longest) + 6,
                    y + 13,
                    "start",
                    "",
                    String.format(Locale.ROOT, format, bar.median()));
        }
        return svg.toString();
    }

    private static double length(double figure, double longest) {
        return longest == 0 ? 0 : LENGTH * figure / longest;
    }
}
