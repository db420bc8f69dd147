package dev.hearth.bench.chart;

import java.util.Locale;

/** An SVG document that grows. Coordinates are pixels from the upper left. */
final class Svg {
    /** Readable on white and on black alike. */
    static final String[] COLOURS = {"#3b82f6", "#f59e0b", "#10b981", "#ef4444", "#8b5cf6", "#64748b"};

    private static final String GREY = "#8b949e";

    private final StringBuilder body = new StringBuilder();
    private final int width;
    private final int height;

    Svg(int width, int height, String title) {
        this.width = width;
        this.height = height;
        body.append("<title>%s</title>\n".formatted(escaped(title)));
        text(0, 16, "start", "font-weight=\"600\"", title);
    }

    void text(double x, double y, String anchor, String more, String words) {
        add(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\" %s>%s</text>",
                x, y, anchor, GREY, more, escaped(words));
    }

    void bar(double x, double y, double wide, double high, String colour, double opacity) {
        add(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\" fill-opacity=\"%.2f\"/>",
                x, y, Math.max(0.5, wide), high, colour, opacity);
    }

    void line(double x1, double y1, double x2, double y2) {
        add(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-opacity=\"0.4\"/>",
                x1, y1, x2, y2, GREY);
    }

    void path(String points, String colour) {
        add("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"/>", points, colour);
    }

    private void add(String format, Object... values) {
        body.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    @Override
    public String toString() {
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="system-ui, sans-serif" font-size="12">
                %s</svg>
                """.formatted(width, height, width, height, body);
    }
}
