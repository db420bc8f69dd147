package dev.hearth.store;

import dev.hearth.testing.postgres.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each test has two shards without a row, in databases of its class alone. */
@SuppressWarnings("NullAway.Init") // set before each test
abstract class OnTwoShards {
    @RegisterExtension
    static final TestDatabase NEAR = new TestDatabase();

    @RegisterExtension
    static final TestDatabase FAR = new TestDatabase();

    TwoShards world;

    @BeforeEach
    final void open() throws SQLException {
        world = new TwoShards(NEAR, FAR);
    }

    @AfterEach
    final void close() {
        world.close();
    }
}
