package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Answers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code docs/configuration.md} against the interfaces and the CRDs that it describes. */
class ConfigurationDocsTest {
    private static final String PAGE = Pages.text(Path.of("docs/configuration.md"));
    /** In running text and in code; not {@code hearth.dev/…}, and not a file's name. */
    private static final String KEY = "(?<![\\w./-])(hearth\\.(?!dev\\b|log\\b)[a-z][a-z.<>-]*[a-z>](?:\\.\\*)?)";

    private static final String VARIABLE = "\\b(HEARTH_[A-Z_]*[A-Z])\\b";

    @Test
    @Answers("playwright#38234")
    void everyKeyIsThereWithItsDefault() {
        assertThat(ConfigKey.all()).hasSizeGreaterThan(30);
        assertThat(undocumented(PAGE, ConfigKey.all())).isEmpty();
    }

    @Test
    void everyKeyThatAPageNamesExists() {
        for (var page : Pages.all()) {
            assertThat(invented(Pages.text(page), ConfigKey.all()))
                    .as("%s", page)
                    .isEmpty();
        }
    }

    @Test
    void aKeyThatIsMissingInventedOrWronglyDefaultedIsCaught() {
        var keys = List.of(new ConfigKey("hearth.gateway.port", "8080"), new ConfigKey("hearth.new.key", "none"));
        assertThat(undocumented(PAGE, keys)).containsExactly("hearth.new.key is missing");
        assertThat(undocumented(PAGE, List.of(new ConfigKey("hearth.gateway.port", "1"))))
                .containsExactly("hearth.gateway.port: default is 1, not 8080");
        assertThat(invented("Set `hearth.gateway.colour` and -Dhearth.gateway.port, in hearth.gateway.*", keys))
                .containsExactly("hearth.gateway.colour");
    }

    @Test
    void everyVariableThatAPageNamesExists() {
        var known = Pages.found(VARIABLE, Pages.sources("src/main/java", "scripts"));
        known.addAll(ConfigKey.all().stream().map(ConfigKey::variable).toList());
        for (var page : Pages.all()) {
            assertThat(known).as("%s", page).containsAll(Pages.found(VARIABLE, Pages.text(page)));
        }
        assertThat(known).doesNotContain("HEARTH_COLOUR");
    }

    @ParameterizedTest
    @CsvSource({"browserpools,## BrowserPool", "browsersessions,## BrowserSession"})
    void everyFieldOfAnObjectIsThereWithDefaultAndBounds(String plural, String heading) {
        var fields = CrdField.of(plural);
        var rows = Pages.rows(Pages.section(PAGE, heading));
        assertThat(wrong(rows, fields)).isEmpty();
        assertThat(rows.stream().map(Pages.Row::name))
                .containsExactlyInAnyOrderElementsOf(
                        fields.stream().map(CrdField::path).toList());
    }

    @Test
    void aFieldThatIsMissingOrOtherwiseBoundedIsCaught() {
        var rows = Pages.rows(Pages.section(PAGE, "## BrowserPool"));
        assertThat(wrong(
                        rows,
                        List.of(
                                new CrdField("spec.colour", "none", List.of()),
                                new CrdField("spec.replicas", "2", List.of()),
                                new CrdField("spec.replicas", "1", List.of("1000")))))
                .containsExactly(
                        "spec.colour is missing",
                        "spec.replicas: default is 2, not 1",
                        "spec.replicas: bound 1000 is not named");
    }

    private static List<String> undocumented(String page, List<ConfigKey> keys) {
        var rows = Pages.rows(page);
        var wrong = new ArrayList<String>();
        for (var key : keys) {
            Pages.Row.of(key.name(), rows)
                    .ifPresentOrElse(
                            row -> compare(key.name(), key.standard(), row, wrong),
                            () -> wrong.add(key.name() + " is missing"));
        }
        return wrong;
    }

    private static void compare(String name, String standard, Pages.Row row, List<String> wrong) {
        var said = Pages.code(row.cells().get(2));
        if (!said.equals(standard)) {
            wrong.add("%s: default is %s, not %s".formatted(name, standard, said));
        }
    }

    /** {@code hearth.gateway.*} stands for keys that begin like this. */
    private static Set<String> invented(String page, List<ConfigKey> keys) {
        return Pages.found(KEY, page).stream()
                .filter(named -> keys.stream()
                        .map(ConfigKey::name)
                        .noneMatch(key -> named.endsWith(".*")
                                ? key.startsWith(named.substring(0, named.length() - 1))
                                : key.equals(named)))
                .collect(Collectors.toSet());
    }

    private static List<String> wrong(List<Pages.Row> rows, List<CrdField> fields) {
        var wrong = new ArrayList<String>();
        for (var field : fields) {
            Pages.Row.of(field.path(), rows)
                    .ifPresentOrElse(
                            row -> {
                                compare(field.path(), field.standard(), row, wrong);
                                var named = List.of(row.cells().get(3).split("[^0-9A-Za-z]+"));
                                field.bounds().stream()
                                        .filter(bound -> !named.contains(bound))
                                        .forEach(bound ->
                                                wrong.add(field.path() + ": bound " + bound + " is not named"));
                            },
                            () -> wrong.add(field.path() + " is missing"));
        }
        return wrong;
    }
}
