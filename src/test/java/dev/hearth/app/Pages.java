package dev.hearth.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The pages that users read, as text. */
final class Pages {
    private Pages() {}

    /** Those of the repository's root, of {@code docs} and of {@code manifests}. */
    static List<Path> all() {
        return Stream.of(markdown(Path.of(""), 1), markdown(Path.of("docs"), 9), markdown(Path.of("manifests"), 9))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Path> markdown(Path folder, int depth) {
        try (var files = Files.walk(folder, depth)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** All Java files of the program, one after the other. */
    static String sources(String... folders) {
        var text = new StringBuilder();
        for (var folder : folders) {
            try (var files = Files.walk(Path.of(folder))) {
                files.filter(Files::isRegularFile)
                        .forEach(file -> text.append(text(file)).append('\n'));
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        return text.toString();
    }

    /** Each different text of the pattern's first group. */
    static Set<String> found(String pattern, String text) {
        var found = new TreeSet<String>();
        var matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    /** What stands between this heading and the next of its level. */
    static String section(String page, String heading) {
        var from = page.indexOf("\n" + heading + "\n");
        if (from < 0) {
            throw new IllegalArgumentException("no heading '" + heading + "'");
        }
        var level = heading.substring(0, heading.indexOf(' ') + 1);
        var to = page.indexOf("\n" + level, from + heading.length());
        return page.substring(from, to < 0 ? page.length() : to);
    }

    /** Rows of tables whose first cell is one name in code style. */
    static List<Row> rows(String text) {
        return text.lines()
                .filter(line -> line.matches("\\| `[^`]+` \\|.*"))
                .map(line -> Arrays.stream(line.substring(1).split("\\|", -1))
                        .map(String::strip)
                        .toList())
                .map(cells -> new Row(code(cells.getFirst()), cells))
                .toList();
    }

    static String code(String cell) {
        return cell.replaceAll("^`|`$", "");
    }

    /** @param cells all, the name's among them */
    record Row(String name, List<String> cells) {
        static Optional<Row> of(String name, List<Row> rows) {
            return rows.stream().filter(row -> row.name().equals(name)).findFirst();
        }
    }
}
