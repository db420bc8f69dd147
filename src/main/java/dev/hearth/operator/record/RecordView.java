package dev.hearth.operator.record;

import dev.hearth.api.v1alpha1.BrowserPool;
import dev.hearth.api.v1alpha1.BrowserSession;
import dev.hearth.api.v1alpha1.SessionRecords;
import dev.hearth.operator.Labels;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the API server knows of records. As long as no pool wants any and none is left, that is asked now and then; from
 * then on sessions are watched. Not for several threads at once.
 */
final class RecordView implements AutoCloseable {
    /** Longer: a pool that wants records waits for them. Shorter: everybody pays for what few use. */
    private static final Duration REST = Duration.ofSeconds(10);
    /** Pools change rarely; asking for each look would be most of the traffic. */
    private static final Duration POOLS_AGAIN = Duration.ofSeconds(3);

    private final KubernetesClient client;
    private Instant askPools = Instant.MIN;
    private Set<UUID> pools = Set.of();
    private @Nullable SharedIndexInformer<BrowserSession> sessions;

    RecordView(KubernetesClient client) {
        this.client = client;
    }

    /** @param objects all BrowserSession objects, records or not */
    record Seen(Set<UUID> pools, List<BrowserSession> objects) {}

    /** Empty where nothing is to do, or the watch has not caught up. */
    Optional<Seen> look(Instant now) {
        if (!now.isBefore(askPools)) {
            pools = recordedPools();
            if (sessions == null && (!pools.isEmpty() || anyIsLeft())) {
                sessions =
                        client.resources(BrowserSession.class).inAnyNamespace().inform();
            }
            askPools = now.plus(sessions == null ? REST : POOLS_AGAIN);
        }
        return sessions == null || !sessions.hasSynced()
                ? Optional.empty()
                : Optional.of(new Seen(pools, sessions.getStore().list()));
    }

    private Set<UUID> recordedPools() {
        return client.resources(BrowserPool.class).inAnyNamespace().list().getItems().stream()
                .filter(pool -> pool.getSpec().sessionRecords() == SessionRecords.ALL)
                .map(pool -> UUID.fromString(pool.getMetadata().getUid()))
                .collect(Collectors.toSet());
    }

    private boolean anyIsLeft() {
        return !client.resources(BrowserSession.class)
                .inAnyNamespace()
                .withLabel(Labels.RECORD)
                .list(new ListOptionsBuilder().withLimit(1L).build())
                .getItems()
                .isEmpty();
    }

    @Override
    public void close() {
        if (sessions != null) {
            sessions.stop();
        }
    }
}
