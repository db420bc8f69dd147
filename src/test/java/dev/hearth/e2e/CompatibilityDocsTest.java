package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/compatibility.md says what the journeys prove, and nothing else. */
class CompatibilityDocsTest {
    private static final Path PAGE = Path.of("docs/compatibility.md");

    private record Row(StockClient client, String call, String test) {
        private String markdown() {
            return "| %s | %s | `%s` | `%s` |".formatted(client.title(), client.version(), call, test);
        }
    }

    @Test
    void thePageSaysWhatTheJourneysProve() throws IOException {
        var wanted = page();
        if (Boolean.getBoolean("hearth.compatibility.write")) {
            Files.writeString(PAGE, wanted);
        }
        assertThat(PAGE)
                .as("run this test with -Dhearth.compatibility.write=true after changing a journey or a pin")
                .hasContent(wanted);
    }

    @Test
    void everyClientIsProvedBySomething() {
        assertThat(rows().stream().map(Row::client).distinct()).containsExactlyInAnyOrder(StockClient.values());
    }

    private static String page() {
        return """
                # Compatibility

                Which calls of which stock client are known to work: each row is made by a test that runs that client, as its maker
                ships it, against a running Hearth. This page is generated from those tests (`@Proves`), and a test keeps it so.

                | client | version | call | test |
                |---|---|---|---|
                """ + String.join("\n", rows().stream().map(Row::markdown).toList()) + "\n";
    }

    private static List<Row> rows() {
        return new ClassFileImporter()
                .importPackages("dev.hearth.e2e").stream()
                        .map(JavaClass::reflect)
                        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                        .flatMap(CompatibilityDocsTest::rows)
                        .sorted(Comparator.comparing(Row::client)
                                .thenComparing(Row::call)
                                .thenComparing(Row::test))
                        .toList();
    }

    private static Stream<Row> rows(Method method) {
        var test = method.getDeclaringClass().getSimpleName() + "." + method.getName();
        return Arrays.stream(method.getAnnotationsByType(Proves.class))
                .flatMap(proves -> Arrays.stream(proves.calls()).map(call -> new Row(proves.client(), call, test)));
    }
}
