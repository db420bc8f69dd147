package dev.hearth.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code crds/} is what users install: it is committed, and it must say what the records say. */
class CrdDriftTest {
    private static final Path FOLDER = Path.of("crds");

    @Test
    void committedCrdsSayWhatTheRecordsSay() throws IOException {
        var generated = CrdFiles.generate();
        assertThat(generated).hasSize(2);
        if (Boolean.getBoolean("hearth.crds.write")) {
            Files.createDirectories(FOLDER);
            for (var file : generated.entrySet()) {
                Files.writeString(FOLDER.resolve(file.getKey()), file.getValue());
            }
        }
        for (var file : generated.entrySet()) {
            assertThat(FOLDER.resolve(file.getKey()))
                    .as("run the build with -Dhearth.crds.write=true after changing a CRD record")
                    .hasContent(file.getValue());
        }
    }
}
