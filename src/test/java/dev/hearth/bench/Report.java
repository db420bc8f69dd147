package dev.hearth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** docs/benchmarks.md: each benchmark replaces its own section and leaves the others alone. */
record Report(Path file) {
    static final Report DOCS = new Report(Path.of("docs/benchmarks.md"));

    void write(String section, String body) throws IOException {
        var begin = "<!-- begin " + section + " -->";
        var end = "<!-- end " + section + " -->";
        var block = begin + "\n" + body.strip() + "\n" + end;
        var text = Files.exists(file)
                ? Files.readString(file)
                : "# Benchmarks\n\nWritten by `make bench-…`, each beside its baseline in one run.\n";
        var old = Pattern.compile(Pattern.quote(begin) + ".*?" + Pattern.quote(end), Pattern.DOTALL)
                .matcher(text);
        Files.writeString(
                file,
                old.find()
                        ? text.substring(0, old.start()) + block + text.substring(old.end())
                        : text.stripTrailing() + "\n\n" + block + "\n");
    }

    /** Writes a picture beside this file, and answers with the Markdown that shows it. */
    String picture(String name, String svg, String words) throws IOException {
        var charts = Files.createDirectories(file.resolveSibling("charts"));
        Files.writeString(charts.resolve(name + ".svg"), svg);
        return "![%s](charts/%s.svg)".formatted(words, name);
    }

    /** The machine as a reader needs it to judge figures. */
    static String machine() throws IOException {
        var model = firstMatch(Path.of("/proc/cpuinfo"), "model name\\s*:\\s*(.*)");
        var memory = Long.parseLong(firstMatch(Path.of("/proc/meminfo"), "MemTotal:\\s*(\\d+)")) / (1024 * 1024);
        var kernel = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
        return "%d cores (%s), %d GiB, Linux %s, Java %s"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        model,
                        memory,
                        kernel,
                        System.getProperty("java.version"));
    }

    private static String firstMatch(Path file, String pattern) throws IOException {
        var matcher = Pattern.compile(pattern).matcher(Files.readString(file));
        return matcher.find() ? matcher.group(1) : "unknown";
    }
}
