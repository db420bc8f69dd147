package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.store.StoreSettings;
import dev.hearth.store.Stores;
import dev.hearth.testing.LogLines;
import dev.hearth.testing.postgres.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.PGConnection;

/** Somebody's transaction that stays open, as a forgotten console or a dump does. */
class SnapshotWatchIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Stores stores =
            Stores.open(StoreSettings.single(DATABASE.address().patiently(16)));
    private final SnapshotWatch watch =
            new SnapshotWatch("main", stores.upkeep().getFirst().upkeep(), Duration.ofMillis(300), meters);

    @AfterEach
    void close() {
        stores.close();
    }

    @Test
    void anOldTransactionIsMeasuredAndNamedOnceUntilItEnds() throws Exception {
        try (var lines = new LogLines(SnapshotWatch.class);
                var console = DATABASE.connect()) {
            assertThat(oldest()).isZero();

            hold(console);
            var age = Awaitility.await().until(this::oldest, seen -> seen > 0);
            assertThat(lines.seen().isEmpty())
                    .as("none that is young is named: %s s", age)
                    .isEqualTo(age < 0.3);

            Awaitility.await().until(() -> oldest() >= 0.3);
            assertThat(oldest()).isGreaterThanOrEqualTo(0.3);
            assertThat(lines.seen())
                    .singleElement()
                    .asString()
                    .contains(
                            "shard=main",
                            "pg_terminate_backend("
                                    + console.unwrap(PGConnection.class).getBackendPID() + ")");

            console.rollback();
            assertThat(oldest()).isZero();
        }
    }

    @Test
    void whoHoldsOneIdlyIsCutOffByTheServer() throws Exception {
        try (var console = DATABASE.connect()) {
            assertThat(setting(console, "idle_in_transaction_session_timeout")).isEqualTo("10s");
            assertThat(setting(console, "transaction_timeout")).isEqualTo("1min");
        }
    }

    private double oldest() {
        watch.run();
        return meters.get("hearth.oldest.snapshot").tag("shard", "main").gauge().value();
    }

    private static void hold(Connection console) throws SQLException {
        console.setAutoCommit(false);
        console.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        setting(console, "server_version");
    }

    private static String setting(Connection console, String name) throws SQLException {
        try (var statement = console.createStatement();
                var row = statement.executeQuery("SELECT current_setting('" + name + "')")) {
            row.next();
            return row.getString(1);
        }
    }
}
