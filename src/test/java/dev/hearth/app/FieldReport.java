package dev.hearth.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SequencedCollection;

/** What users of a comparable product complained of, and what Hearth does instead. */
record FieldReport(String reference, String complaint, String answer, String withoutTest) {
    private static final Path LIST = Path.of("src/test/resources/field-reports.tsv");
    private static final String NOT_SHOWN = "not shown yet";
    private static final String BY_DESIGN = "by design: ";

    static List<FieldReport> all() throws IOException {
        return Files.readAllLines(LIST).stream().skip(1).map(FieldReport::of).toList();
    }

    static FieldReport of(String line) {
        var cells = line.split("\t", -1);
        if (cells.length != 4) {
            throw new IllegalArgumentException("not four cells: " + line);
        }
        return new FieldReport(cells[0], cells[1], cells[2], cells[3]);
    }

    String markdown(SequencedCollection<String> tests) {
        return "| %s | %s → %s | %s |"
                .formatted(reference, complaint, answer, tests.isEmpty() ? withoutTest : String.join("<br>", tests));
    }

    Optional<String> fault(SequencedCollection<String> tests) {
        if (tests.isEmpty()) {
            return hasReason() || isOwed()
                    ? Optional.empty()
                    : Optional.of(reference + " has neither a test nor a reason, and is not listed as not shown yet");
        }
        return withoutTest.isEmpty()
                ? Optional.empty()
                : Optional.of(reference + " has a test, but is listed as: " + withoutTest);
    }

    private boolean isOwed() {
        return withoutTest.equals(NOT_SHOWN);
    }

    private boolean hasReason() {
        return withoutTest.startsWith(BY_DESIGN) && withoutTest.length() > BY_DESIGN.length();
    }
}
