package dev.hearth.local.kube;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.local.LocalFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadinessIT {
    @TempDir
    Path directory;

    /** The API server makes the file first. */
    @Test
    void aCertificateThatIsNotWrittenYetIsWaitedFor() throws Exception {
        var credentials = Credentials.in(directory);
        Files.createFile(credentials.servingCertificate());
        var server = Component.start("kube-apiserver", List.of("sleep", "60"), directory);
        try {
            assertThatThrownBy(() -> new Readiness(credentials, 1).await(List.of(server), Duration.ofMillis(300)))
                    .isInstanceOf(LocalFailure.class)
                    .hasMessageContaining("was not ready");
        } finally {
            server.stop(Duration.ZERO);
        }
    }
}
