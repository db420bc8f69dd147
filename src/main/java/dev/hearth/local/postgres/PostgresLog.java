package dev.hearth.local.postgres;

import java.util.List;

/** Finds the one line of PostgreSQL's output that says what is wrong, and adds the cure where there is a usual one. */
final class PostgresLog {
    private static final List<String> COMPLAINTS = List.of("FATAL:", "PANIC:", "ERROR:", "error:", "unshare:");

    private PostgresLog() {}

    static String complaint(String output) {
        var lines = output.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        var said = lines.stream()
                .filter(line -> COMPLAINTS.stream().anyMatch(line::contains))
                .findFirst()
                .or(() -> lines.stream().reduce((_, last) -> last))
                .orElse("it said nothing");
        return said + cure(said);
    }

    private static String cure(String said) {
        if (said.startsWith("unshare:")) {
            return " (PostgreSQL does not run as root, and user namespaces are forbidden here: start as an ordinary user)";
        }
        if (said.contains("No space left on device")) {
            return " (free some disk space)";
        }
        return "";
    }
}
