package dev.hearth.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code manifests/install.yaml} is the chart for those without Helm: it is committed, and it must be what Helm renders. */
class InstallManifestDriftTest {
    private static final Path FILE = Path.of("manifests/install.yaml");
    private static final String HEAD = """
            # Hearth, as its chart renders it for namespace hearth; written by `make manifests`. Make its Secrets first:
            # docs/install.md#without-helm
            apiVersion: v1
            kind: Namespace
            metadata:
              name: hearth
            """;

    @Test
    void committedManifestIsWhatTheChartRenders() throws IOException {
        var rendered =
                HEAD + Chart.text(command -> command.withValuesFile(Chart.FOLDER.resolve("ci/install-values.yaml")));
        if (Boolean.getBoolean("hearth.manifests.write")) {
            Files.writeString(FILE, rendered);
        }
        assertThat(FILE)
                .as("run the build with -Dhearth.manifests.write=true after changing the chart")
                .hasContent(rendered);
        assertThat(rendered).doesNotContain("kind: Secret\n");
    }
}
