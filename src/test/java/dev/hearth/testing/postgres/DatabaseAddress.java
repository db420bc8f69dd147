package dev.hearth.testing.postgres;

import dev.hearth.local.postgres.EmbeddedPostgres;
import dev.hearth.store.DatabaseSettings;
import dev.hearth.store.DatabaseSettings.Timeouts;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.awaitility.Awaitility;

/** Where a database is, and who may enter. */
public record DatabaseAddress(String url, String user, String password) {
    private static final Timeouts PATIENCE =
            new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(20));

    /** Longer than any statement of a test takes, on a machine with much else to do. */
    private static final Duration SILENCE = Duration.ofMinutes(5);

    public static DatabaseAddress of(EmbeddedPostgres server) {
        return new DatabaseAddress(server.jdbcUrl(), server.user(), server.password());
    }

    /**
     * For the code under test where not the time is promised: on a machine with more to do than it can, a connection may
     * take longer than a client of Hearth would be let wait.
     */
    public DatabaseSettings patiently(int maxConnections) {
        return new DatabaseSettings(url, user, password, maxConnections, PATIENCE);
    }

    /** Past the code under test. An answer that never comes, for a lock that nobody lets go, fails who waits for it. */
    public Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("socketTimeout", Long.toString(SILENCE.toSeconds()));
        return DriverManager.getConnection(url, properties);
    }

    /** One after the other, past the code under test. */
    public void execute(String... statements) {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(String.join(";\n", statements), e);
        }
    }

    /** The first column of what a query finds, read past the code under test. */
    public List<String> strings(String sql) {
        try (var connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var found = new ArrayList<String>();
            while (rows.next()) {
                found.add(String.valueOf(rows.getString(1)));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Returns when a statement waits for a lock. @param mark the name that it has in its comment */
    public void awaitLockWait(String mark) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> !strings("SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND wait_event_type = 'Lock' AND query LIKE '%/* " + mark + " */%'")
                        .isEmpty());
    }
}
