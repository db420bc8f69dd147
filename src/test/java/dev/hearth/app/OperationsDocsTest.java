package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.EndReason;
import dev.hearth.pool.Trouble;
import dev.hearth.telemetry.LogKeys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What users see at run time (reasons, metrics, log keys) against the page that explains it. */
class OperationsDocsTest {
    private static final String PAGE = Pages.text(Path.of("docs/operations.md"));
    private static final String OPERATOR = "src/main/java/dev/hearth/operator/";
    /** Where conditions and Events get their words: every CamelCase text in them is one. */
    private static final List<String> WORDS = List.of(
            "src/main/java/dev/hearth/pool/PoolExplainer.java",
            OPERATOR + "pool/PoolReconciler.java",
            OPERATOR + "pool/PoolDesk.java",
            OPERATOR + "session/SessionReport.java",
            OPERATOR + "session/SessionClaims.java",
            OPERATOR + "project/ProjectSync.java");

    @Test
    void everyReasonIsExplained() {
        var reasons = new ArrayList<String>();
        WORDS.forEach(file -> reasons.addAll(Pages.found("\"([A-Z][a-z]+(?:[A-Z][a-z]+)*)\"", Pages.sources(file))));
        Arrays.stream(Trouble.Kind.values()).map(Trouble.Kind::word).forEach(reasons::add);
        assertThat(reasons).contains("AllWarm", "ReleaseDeferred", "NoneWarm", "KeyExpired", "CrashLoop");
        assertThat(unexplained(reasons, PAGE)).isEmpty();
    }

    @Test
    void everyEndOfASessionIsExplained() {
        var page = Pages.section(Pages.text(Path.of("docs/architecture.md")), "## A session's end");
        assertThat(unexplained(
                        Arrays.stream(EndReason.values()).map(EndReason::word).toList(), page))
                .isEmpty();
    }

    @Test
    void aReasonThatNobodyExplainedIsCaught() {
        assertThat(unexplained(List.of("AllWarm", "TooBlue"), PAGE)).containsExactly("TooBlue");
    }

    @Test
    void theMetricsAreThoseOfTheCode() {
        var names = Pages.found("`(hearth_[a-z_]+)`", PAGE);
        assertThat(meters())
                .hasSizeGreaterThan(9)
                .allSatisfy(meter -> assertThat(names).anyMatch(name -> isOf(meter, name)));
        assertThat(names.stream().filter(name -> !name.equals("hearth_control")))
                .allSatisfy(name -> assertThat(meters()).anyMatch(meter -> isOf(meter, name)));
        assertThat(meters()).noneMatch(meter -> isOf(meter, "hearth_colours_total"));
    }

    @Test
    void alertsAreOfMetricsThatThereAre() {
        var alerts = Pages.text(Path.of("helm/hearth/templates/prometheusrule.yaml"));
        assertThat(Pages.found("(hearth_[a-z_]+)[{\\[) ]", alerts))
                .hasSizeGreaterThan(4)
                .allSatisfy(name -> assertThat(meters()).anyMatch(meter -> isOf(meter, name)));
    }

    @Test
    void everyLogKeyIsNamed() throws IllegalAccessException {
        var keys = Pages.found("addKeyValue\\(\\s*\"([a-z]+)\"", Pages.sources("src/main/java"));
        for (var field : LogKeys.class.getFields()) {
            keys.add((String) field.get(null));
        }
        assertThat(unexplained(List.copyOf(keys), PAGE)).isEmpty();
    }

    private static List<String> unexplained(List<String> words, String page) {
        return words.stream().filter(word -> !page.contains("`" + word + "`")).toList();
    }

    private static Set<String> meters() {
        return Pages.found(
                "(?:builder|counter|summary|gauge)\\(\\s*\"(hearth\\.[a-z.]+)\"", Pages.sources("src/main/java"));
    }

    /** Prometheus' name of a meter: with its unit, and total for counters. */
    private static boolean isOf(String meter, String name) {
        return name.replaceAll("_(total|seconds)$", "").equals(meter.replace('.', '_'));
    }
}
