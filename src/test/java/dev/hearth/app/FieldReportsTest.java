package dev.hearth.app;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.hearth.testing.Answers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;

/** docs/field-reports.md says of each report which tests answer it, and no report is without an answer by oversight. */
class FieldReportsTest {
    private static final Path PAGE = Path.of("docs/field-reports.md");

    private record Answer(String reference, String test) {}

    @Test
    void thePageSaysWhatTheTestsShow() throws IOException {
        var wanted = page();
        if (Boolean.getBoolean("hearth.field-reports.write")) {
            Files.writeString(PAGE, wanted);
        }
        assertThat(PAGE)
                .as("run this test with -Dhearth.field-reports.write=true after changing a test or the list")
                .hasContent(wanted);
    }

    @Test
    void everyReportHasATestOrAReasonOrIsListedAsNotShownYet() throws IOException {
        assertThat(faults(FieldReport.all(), answers())).isEmpty();
    }

    @Test
    void everyReportIsListedOnce() throws IOException {
        assertThat(FieldReport.all()).extracting(FieldReport::reference).doesNotHaveDuplicates();
    }

    @Test
    void onlyListedReportsAreAnswered() throws IOException {
        assertThat(FieldReport.all())
                .extracting(FieldReport::reference)
                .containsAll(answers().keySet());
    }

    @Test
    void onlyTestsAnswer() {
        assertThat(answeringMethods()).allMatch(method -> method.isMetaAnnotatedWith(Testable.class));
    }

    @Test
    void aReportWithoutAnAnswerIsCaught() {
        var silent = new FieldReport("product#1", "it breaks", "it does not", "");
        assertThat(faults(List.of(silent), Map.of()))
                .singleElement()
                .asString()
                .contains("neither a test nor a reason");
    }

    @Test
    void aReasonThatSaysNothingIsCaught() {
        var empty = new FieldReport("product#1", "it breaks", "it does not", "by design: ");
        assertThat(faults(List.of(empty), Map.of())).hasSize(1);
    }

    @Test
    void aReportThatIsStillListedAsNotShownIsCaughtOnceItHasATest() {
        var shown = new FieldReport("product#1", "it breaks", "it does not", "not shown yet");
        var answers = Map.<String, SortedSet<String>>of("product#1", new TreeSet<>(List.of("`SomeTest.itDoesNot`")));
        assertThat(faults(List.of(shown), Map.of())).isEmpty();
        assertThat(faults(List.of(shown), answers)).singleElement().asString().contains("has a test");
    }

    private static List<String> faults(List<FieldReport> reports, Map<String, SortedSet<String>> answers) {
        return reports.stream()
                .flatMap(report -> report.fault(testsOf(report, answers)).stream())
                .toList();
    }

    private static SortedSet<String> testsOf(FieldReport report, Map<String, SortedSet<String>> answers) {
        return answers.getOrDefault(report.reference(), new TreeSet<>());
    }

    private static String page() throws IOException {
        var answers = answers();
        return """
                # Field reports

                What users of comparable products complained of in public, in our words, and what Hearth does instead. Each is answered by a
                test, by a reason why it cannot happen here, or is listed as not shown yet. This page is generated from
                [the list](../src/test/resources/field-reports.tsv) and the tests (`@Answers`), and a test keeps it so.

                | report | complaint → what Hearth does | shown by |
                |---|---|---|
                """
                + String.join(
                        "\n",
                        FieldReport.all().stream()
                                .map(report -> report.markdown(testsOf(report, answers)))
                                .toList())
                + "\n";
    }

    private static Map<String, SortedSet<String>> answers() {
        return answeringMethods()
                .flatMap(FieldReportsTest::answers)
                .collect(groupingBy(Answer::reference, mapping(Answer::test, toCollection(TreeSet::new))));
    }

    private static Stream<Answer> answers(JavaMethod method) {
        var test = "`%s.%s`".formatted(method.getOwner().getSimpleName(), method.getName());
        return Arrays.stream(method.getAnnotationOfType(Answers.class).value())
                .map(reference -> new Answer(reference, test));
    }

    private static Stream<JavaMethod> answeringMethods() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS).importPackages("dev.hearth").stream()
                        .flatMap(type -> type.getMethods().stream())
                        .filter(method -> method.isAnnotatedWith(Answers.class));
    }
}
