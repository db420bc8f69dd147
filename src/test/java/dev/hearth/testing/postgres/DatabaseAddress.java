package dev.hearth.testing.postgres;

import dev.hearth.local.postgres.EmbeddedPostgres;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Where a database is, and who may enter. */
public record DatabaseAddress(String url, String user, String password) {
    public static DatabaseAddress of(EmbeddedPostgres server) {
        return new DatabaseAddress(server.jdbcUrl(), server.user(), server.password());
    }

    /** One after the other, past the code under test. */
    public void execute(String... statements) {
        try (var connection = DriverManager.getConnection(url, user, password);
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
        try (var connection = DriverManager.getConnection(url, user, password);
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
}
