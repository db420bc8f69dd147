package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hearth.claim.StoreException;
import dev.hearth.claim.StoreException.Kind;
import dev.hearth.store.DatabaseSettings.Timeouts;
import dev.hearth.testing.postgres.TestDatabase;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the real pool says of a database, and what whoever queues behind may conclude. */
class DatabaseIT {
    @RegisterExtension
    static final TestDatabase POSTGRES = new TestDatabase();

    /** As a Postgres whose pod is gone: packets to it are lost. */
    @Test
    void oneThatGivesNoNewConnectionInTimeIsAway() throws Exception {
        try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                var database = open("jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/hearth")) {
            var refusal = refused(database);

            assertThat(refusal.kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(refusal.isAway()).isTrue();
        }
    }

    @Test
    void oneThatRefusesConnectionsIsAway() throws Exception {
        var closed = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        closed.close();
        try (var database = open("jdbc:postgresql://127.0.0.1:" + closed.getLocalPort() + "/hearth")) {
            assertThat(refused(database).isAway()).isTrue();
        }
    }

    @Test
    void oneWhoseConnectionsAreAllInUseIsNot() throws Exception {
        var held = new CountDownLatch(1);
        var done = new CountDownLatch(1);
        try (var database = open(POSTGRES.jdbcUrl())) {
            var holder = Thread.ofVirtual()
                    .start(() -> database.sql().reading(statements -> {
                        held.countDown();
                        await(done);
                        return "held";
                    }));
            await(held);

            var refusal = refused(database);

            done.countDown();
            holder.join();
            assertThat(refusal.kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(refusal.isAway()).isFalse();
        }
    }

    private static Database open(String url) {
        return Database.open(
                new DatabaseSettings(url, POSTGRES.user(), POSTGRES.password(), 1, Timeouts.DEFAULT), "hearth");
    }

    private static StoreException refused(Database database) {
        return catchThrowableOfType(
                StoreException.class,
                () -> database.sql()
                        .reading(statements -> statements.query("SELECT 1 AS one", row -> row.getInt("one"))));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
