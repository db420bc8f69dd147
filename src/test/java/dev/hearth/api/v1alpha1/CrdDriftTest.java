package dev.hearth.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code crds/} is what users install, by hand or with the chart: it is committed, and it must say what the records say. */
class CrdDriftTest {
    @ParameterizedTest
    @ValueSource(strings = {"crds", "helm/hearth/files/crds"})
    void committedCrdsSayWhatTheRecordsSay(Path folder) throws IOException {
        var generated = CrdFiles.generate();
        assertThat(generated).hasSize(2);
        if (Boolean.getBoolean("hearth.crds.write")) {
            Files.createDirectories(folder);
            for (var file : generated.entrySet()) {
                Files.writeString(folder.resolve(file.getKey()), file.getValue());
            }
        }
        for (var file : generated.entrySet()) {
            assertThat(folder.resolve(file.getKey()))
                    .as("run the build with -Dhearth.crds.write=true after changing a CRD record")
                    .hasContent(file.getValue());
        }
    }
}
