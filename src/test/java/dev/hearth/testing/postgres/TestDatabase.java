package dev.hearth.testing.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A fresh, empty database for a test class: {@code @RegisterExtension static final TestDatabase DATABASE = new
 * TestDatabase()}. All classes share one real server.
 */
public final class TestDatabase implements BeforeAllCallback, AfterAllCallback {
    private @Nullable String name;

    @Override
    public void beforeAll(ExtensionContext context) {
        name = SharedPostgres.createDatabase();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        SharedPostgres.dropDatabase(name());
    }

    public String name() {
        return Objects.requireNonNull(name, "register the extension as a static field");
    }

    public String jdbcUrl() {
        return SharedPostgres.server().jdbcUrl(name());
    }

    public String user() {
        return SharedPostgres.server().user();
    }

    public String password() {
        return SharedPostgres.server().password();
    }

    /** For set-up and for looking, past the code under test. */
    public DatabaseAddress address() {
        return new DatabaseAddress(jdbcUrl(), user(), password());
    }

    public Connection connect() throws SQLException {
        return SharedPostgres.connect(jdbcUrl());
    }
}
