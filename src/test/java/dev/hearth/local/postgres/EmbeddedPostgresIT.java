package dev.hearth.local.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {
    @TempDir
    Path dir;

    @Test
    void keepsDataBetweenRunsAndThroughKillNine() throws Exception {
        try (var first = EmbeddedPostgres.start(dir)) {
            execute(first, "CREATE TABLE kept (n integer)", "INSERT INTO kept VALUES (1)");
        }
        try (var second = EmbeddedPostgres.start(dir)) {
            execute(second, "INSERT INTO kept VALUES (2)");
            // kill -9 of the postmaster alone: its pid file stays, its children may live a moment longer
            ProcessHandle.of(second.pid()).orElseThrow().destroyForcibly();
            await().until(() -> ProcessHandle.of(second.pid()).isEmpty());
        }
        try (var third = EmbeddedPostgres.start(dir)) {
            assertThat(numbers(third, "SELECT n FROM kept ORDER BY n")).containsExactly(1, 2);
        }
    }

    @Test
    void isDurableAndAsksForAPassword() throws Exception {
        try (var server = EmbeddedPostgres.start(dir)) {
            assertThat(setting(server, "fsync")).isEqualTo("on");
            assertThat(setting(server, "synchronous_commit")).isEqualTo("on");
            assertThat(setting(server, "full_page_writes")).isEqualTo("on");
            assertThat(setting(server, "listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("password"))))
                    .isEqualTo("rw-------");
            assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(), server.user(), "wrong"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void refusesAFolderThatIsInUse() {
        try (var _ = EmbeddedPostgres.start(dir)) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(dir))
                    .isInstanceOf(PostgresException.class)
                    .hasMessageContaining("already running")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void saysInOneLineThatThePortIsTaken() {
        try (var server = EmbeddedPostgres.start(dir.resolve("a"))) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(dir.resolve("b"), server.port()))
                    .isInstanceOf(PostgresException.class)
                    .hasMessageContaining("could not create any TCP/IP sockets")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void throwsAwayAFirstRunThatWasCutShort() throws Exception {
        Files.createDirectories(dir.resolve("data.new/base"));
        Files.writeString(dir.resolve("password"), "of the run that was cut short");
        try (var server = EmbeddedPostgres.start(dir)) {
            assertThat(numbers(server, "SELECT 1")).containsExactly(1);
        }
    }

    private static void execute(EmbeddedPostgres server, String... statements) throws SQLException {
        try (var connection = DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static List<Integer> numbers(EmbeddedPostgres server, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
                var rows = connection.createStatement().executeQuery(sql)) {
            var numbers = new java.util.ArrayList<Integer>();
            while (rows.next()) {
                numbers.add(rows.getInt(1));
            }
            return numbers;
        }
    }

    private static String setting(EmbeddedPostgres server, String name) throws SQLException {
        try (var connection = DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
                var rows = connection.createStatement().executeQuery("SHOW " + name)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
