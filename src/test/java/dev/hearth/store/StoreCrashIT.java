package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.ClaimOutcome.Granted;
import dev.hearth.claim.StoreException;
import dev.hearth.local.postgres.EmbeddedPostgres;
import dev.hearth.testing.postgres.DatabaseAddress;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a server of its own, because it is killed. */
class StoreCrashIT {
    private static final LoosePool POOL = new LoosePool(UUID.randomUUID());

    @TempDir
    Path dir;

    @Test
    void anAcknowledgedClaimSurvivesKillNine() throws Exception {
        var acknowledged = new HashSet<UUID>();
        for (var round = 0; round < 2; round++) {
            acknowledged.addAll(claimUntilKilled("on"));
        }
        assertThat(acknowledged).isNotEmpty();
        assertThat(lost(acknowledged)).isEmpty();
    }

    @Test
    void theCheckerSeesClaimsLostWithoutSynchronousCommit() throws Exception {
        Set<UUID> lost = Set.of();
        for (var round = 0; round < 5 && lost.isEmpty(); round++) {
            lost = lost(claimUntilKilled("off"));
        }
        assertThat(lost).isNotEmpty();
    }

    /** The very moment of the crash is what counts: the kill follows an acknowledgement at once. */
    private Set<UUID> claimUntilKilled(String synchronousCommit) throws Exception {
        Queue<UUID> acknowledged = new ConcurrentLinkedQueue<>();
        try (var server = EmbeddedPostgres.start(dir);
                var stores = Stores.open(StoreSettings.single(settings(server.jdbcUrl(), server)))) {
            POOL.warm(DatabaseAddress.of(server), 400);
            DatabaseAddress.of(server).execute("ALTER ROLE hearth SET synchronous_commit = " + synchronousCommit);
            Clients.run(8, client -> {
                try {
                    while (acknowledged.size() < 100) {
                        if (stores.claims("eu").claim(List.of(POOL.request())).getFirst()
                                instanceof Granted(var session, var _)) {
                            acknowledged.add(session.id());
                        }
                    }
                    ProcessHandle.of(server.pid()).ifPresent(ProcessHandle::destroyForcibly);
                } catch (StoreException crashed) {
                    assertThat(crashed.kind()).isNotEqualTo(StoreException.Kind.BROKEN);
                }
            });
            await().until(() -> ProcessHandle.of(server.pid()).isEmpty());
        }
        return Set.copyOf(acknowledged);
    }

    private Set<UUID> lost(Set<UUID> acknowledged) throws SQLException {
        try (var server = EmbeddedPostgres.start(dir);
                var stores = Stores.open(StoreSettings.single(settings(server.jdbcUrl(), server)))) {
            var lost = new HashSet<>(acknowledged);
            lost.removeIf(session -> stores.sessions().find("shop", session).isPresent());
            return lost;
        }
    }

    @Test
    void aDatabaseThatIsAwayIsSaidInTime() throws Exception {
        try (var server = EmbeddedPostgres.start(dir);
                var stores = Stores.open(StoreSettings.single(
                        DatabaseSettings.of(server.jdbcUrl(), server.user(), server.password())))) {
            POOL.warm(DatabaseAddress.of(server), 10);
            stores.claims("eu").claim(List.of(POOL.request()));
            server.close();

            var begun = System.nanoTime();
            assertThatThrownBy(() -> stores.claims("eu").claim(List.of(POOL.request())))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.UNAVAILABLE));
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .as("sooner than a statement without an answer is given up, which takes 5 s")
                    .isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void goesOnAfterARestartWithoutAFalseRefusal() throws Exception {
        int port;
        try (var server = EmbeddedPostgres.start(dir);
                var stores = Stores.open(StoreSettings.single(settings(server.jdbcUrl(), server)))) {
            port = server.port();
            POOL.warm(DatabaseAddress.of(server), 100);
            Clients.run(8, client -> stores.claims("eu").claim(List.of(POOL.request())));
            server.close();
            try (var again = EmbeddedPostgres.start(dir, port)) {
                assertThat(again.port()).isEqualTo(port);
                // every pooled connection is dead now
                for (var i = 0; i < 20; i++) {
                    assertThat(stores.claims("eu")
                                    .claim(List.of(POOL.request()))
                                    .getFirst())
                            .isInstanceOf(Granted.class);
                }
            }
        }
    }

    @Test
    void aCommitWhoseAnswerWasLostIsReadBack() throws Exception {
        try (var server = EmbeddedPostgres.start(dir);
                var thief = new CommitThief(server.port())) {
            Stores.open(StoreSettings.single(settings(server.jdbcUrl(), server)))
                    .close();
            POOL.warm(DatabaseAddress.of(server), 50);
            var url = "jdbc:postgresql://127.0.0.1:%d/hearth".formatted(thief.port());
            try (var stores = Stores.open(StoreSettings.single(settings(url, server)))) {
                var session = ((Granted) stores.claims("eu")
                                .claim(List.of(POOL.request()))
                                .getFirst())
                        .session();
                assertThat(session.isLive()).isTrue();

                for (var i = 0; i < 10; i++) {
                    thief.stealNext(1);
                    var outcome =
                            stores.claims("eu").claim(List.of(POOL.request())).getFirst();
                    assertThat(thief.left()).isZero();
                    assertThat(outcome)
                            .isInstanceOfSatisfying(
                                    Granted.class,
                                    granted -> assertThat(stores.sessions()
                                                    .find(
                                                            "shop",
                                                            granted.session().id()))
                                            .contains(granted.session()));
                }
            }
        }
    }

    private static DatabaseSettings settings(String url, EmbeddedPostgres server) {
        return new DatabaseAddress(url, server.user(), server.password()).patiently(16);
    }
}
