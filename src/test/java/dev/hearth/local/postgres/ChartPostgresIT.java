package dev.hearth.local.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the chart runs before its Postgres, in a process table of its own as in a container, on a real Postgres. */
class ChartPostgresIT {
    @TempDir
    private Path folder;

    private Path volume;
    private Path password;

    @BeforeEach
    void aVolume() throws IOException {
        volume = Files.createDirectory(folder.resolve("volume"));
        password = Files.writeString(folder.resolve("password"), "a-password");
        assertThat(prepared().exitCode()).isZero();
        assertThat(volume.resolve("data/PG_VERSION")).exists();
    }

    @Test
    void whatAServerLeftThatDidNotStopInOrderIsNoObstacle() throws IOException {
        Files.writeString(
                volume.resolve("data/postmaster.pid"),
                "1\n" + volume.resolve("data") + "\n1732800000\n5432\n\n*\n  123456   0\nready\n");
        var said = prepared();
        assertThat(said.exitCode()).as(said.errors()).isZero();
    }

    @Test
    void aStatementThatPostgresRefusesIsAFailure() throws IOException {
        Files.writeString(password, "it's");
        var said = prepared();
        assertThat(said.exitCode()).isNotZero();
        assertThat(said.errors()).contains("ERROR:");
    }

    private Words.Said prepared() {
        var binaries =
                PostgresBinaries.unpacked(PostgresBinaries.cacheOf(System.getenv(), System.getProperty("user.home")));
        var environment = Map.of(
                "HEARTH_POSTGRES_BIN",
                        binaries.program("postgres").resolveSibling("").toString(),
                "HEARTH_POSTGRES_VOLUME", volume.toString(),
                "HEARTH_POSTGRES_PASSWORD_FILE", password.toString());
        return new Words(environment, Duration.ofMinutes(2))
                .run(List.of("unshare", "-U", "--pid", "--fork", "bash", "helm/hearth/files/postgres-init.sh"));
    }
}
