package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.ClaimOutcome.Granted;
import dev.hearth.claim.StoreException;
import dev.hearth.testing.postgres.PostgresPair;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The primary is lost among claims, and a real standby takes its place. */
class FailOverIT {
    private static final LoosePool POOL = new LoosePool(UUID.randomUUID());
    private static final int CLIENTS = 8;

    @TempDir
    Path dir;

    /** By session, the browser that its client was told. */
    private final Map<UUID, UUID> acknowledged = new ConcurrentHashMap<>();

    @Test
    void aStandbyTakesOverWithEveryAcknowledgedClaimAndClaimsGoOnWithinSeconds() throws Exception {
        try (var pair = PostgresPair.start(dir, true);
                var stores = opened(pair)) {
            var away = claimWhile(stores, () -> {
                pair.killPrimary();
                pair.promote();
            });

            assertThat(away).as("from the new primary's first write").isLessThan(Duration.ofSeconds(10));
            assertThat(lost(stores)).isEmpty();
            assertThat(acknowledged.values()).as("no browser given to two").doesNotHaveDuplicates();
            assertThat(stores.upkeep().getFirst().upkeep().auditCounters()).isEmpty();
        }
    }

    /** What the page on operations warns of: the primary acknowledges what only it has. */
    @Test
    void theCheckerSeesWhatAnAsynchronousStandbyLoses() throws Exception {
        try (var pair = PostgresPair.start(dir, false);
                var stores = opened(pair)) {
            var sender = Long.parseLong(pair.senders().getFirst());
            claimWhile(stores, () -> {
                signal("STOP", sender);
                var before = acknowledged.size();
                Awaitility.await().until(() -> acknowledged.size() > before + 20);
                pair.killPrimary();
                signal("KILL", sender);
                pair.promote();
            });

            assertThat(lost(stores)).isNotEmpty();
        }
    }

    private interface Disaster {
        void strike() throws Exception;
    }

    /** Claims before, during and after. Returns how long no claim was granted after it. */
    private Duration claimWhile(Stores stores, Disaster disaster) throws Exception {
        var over = new AtomicBoolean();
        var away = new CompletableFuture<Duration>();
        Clients.run(CLIENTS + 1, client -> {
            if (client == CLIENTS) {
                try {
                    Awaitility.await().until(() -> acknowledged.size() > 50);
                    disaster.strike();
                    var back = System.nanoTime();
                    var before = acknowledged.size();
                    Awaitility.await()
                            .atMost(Duration.ofSeconds(30))
                            .pollInterval(Duration.ofMillis(10))
                            .until(() -> acknowledged.size() > before);
                    away.complete(Duration.ofNanos(System.nanoTime() - back));
                    Awaitility.await().until(() -> acknowledged.size() > before + 50);
                } finally {
                    over.set(true);
                }
            } else {
                claim(stores, over);
            }
        });
        return away.get();
    }

    private void claim(Stores stores, AtomicBoolean over) {
        while (!over.get()) {
            try {
                if (stores.claims(LoosePool.REGION)
                                .claim(List.of(POOL.request()))
                                .getFirst()
                        instanceof Granted(var session, var _)) {
                    acknowledged.put(session.id(), session.browser());
                }
            } catch (StoreException away) {
                assertThat(away.kind()).isNotEqualTo(StoreException.Kind.BROKEN);
            }
        }
    }

    private List<UUID> lost(Stores stores) {
        return acknowledged.keySet().stream()
                .filter(session -> stores.sessions().find("shop", session).isEmpty())
                .toList();
    }

    private static Stores opened(PostgresPair pair) {
        var address = pair.address();
        var stores = Stores.open(
                StoreSettings.single(DatabaseSettings.of(address.url(), address.user(), address.password())));
        POOL.warm(address, 20_000);
        return stores;
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }
}
