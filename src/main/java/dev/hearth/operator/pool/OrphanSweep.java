package dev.hearth.operator.pool;

import dev.hearth.api.v1alpha1.BrowserPool;
import dev.hearth.claim.Directory;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.StoreException;
import dev.hearth.operator.Labels;
import dev.hearth.operator.Leadership;
import dev.hearth.pool.Browser;
import dev.hearth.pool.BrowserState;
import dev.hearth.pool.SupplyStore;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares Kubernetes and the database by what both say themselves, past every cache: pods without a row, rows without a
 * pool. Slow on purpose, a few per sweep: a database that was restored from an old backup must not cost a fleet.
 */
final class OrphanSweep implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(OrphanSweep.class);
    /** More at once, and one wrong answer of the database is an outage. Fewer, and a crash's leavings pile up. */
    private static final int AT_ONCE = 10;
    /** A pod that says it is claimed may serve somebody whatever the rows say: it gets this much longer. */
    private static final int CLAIMED_PATIENCE = 5;

    private final KubernetesClient client;
    private final SupplyStore store;
    private final Directory directory;
    private final Leadership leadership;
    private final Duration grace;
    private final Clock clock;
    private final Map<String, Instant> suspects = new HashMap<>();

    OrphanSweep(KubernetesClient client, PoolDesk.Stores stores, Duration grace, Clock clock) {
        this.client = client;
        this.store = stores.supply();
        this.directory = stores.directory();
        this.leadership = stores.leadership();
        this.grace = grace;
        this.clock = clock;
    }

    @Override
    public void run() {
        try {
            if (leadership.isLeading()) {
                // Pods before rows: a pod that is listed had its row by then.
                var pods = client.pods()
                        .inAnyNamespace()
                        .withLabelSelector(Labels.BROWSER_PODS)
                        .list()
                        .getItems();
                podsWithoutRows(pods);
                rowsWithoutPools(pods);
            }
        } catch (RuntimeException broken) {
            LOG.atWarn().addKeyValue("reason", broken.getMessage()).log("sweep not finished");
        }
    }

    private void podsWithoutRows(List<Pod> pods) {
        var known = new HashSet<String>();
        var unasked = new HashSet<UUID>();
        pods.stream()
                .map(OrphanSweep::poolOf)
                .flatMap(Optional::stream)
                .distinct()
                .forEach(pool -> {
                    try {
                        store.browsers(pool).forEach(row -> known.add(row.id().toString()));
                    } catch (StoreException away) {
                        // Where the rows cannot be read no pod is an orphan; other pools' rows may be elsewhere.
                        unasked.add(pool);
                    }
                });
        var orphans = pods.stream()
                .filter(pod ->
                        poolOf(pod).filter(pool -> !unasked.contains(pool)).isPresent())
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .filter(pod -> !known.contains(pod.getMetadata().getLabels().get(Labels.BROWSER)))
                .toList();
        suspects.keySet()
                .retainAll(
                        orphans.stream().map(pod -> pod.getMetadata().getUid()).collect(Collectors.toSet()));
        orphans.stream().filter(this::suspectedLongEnough).limit(AT_ONCE).forEach(pod -> {
            var meta = pod.getMetadata();
            LOG.atWarn().addKeyValue("browser", meta.getName()).log("deleting a pod that no row knows");
            PodDeletion.delete(client, meta.getNamespace(), meta.getName(), meta.getUid());
        });
    }

    /** Empty for a pod that somebody else labelled so: it is of no pool of ours, and so no orphan. */
    private static Optional<UUID> poolOf(Pod pod) {
        var uid = pod.getMetadata().getLabels().get(Labels.POOL_UID);
        try {
            return Optional.ofNullable(uid).map(UUID::fromString);
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
    }

    private boolean suspectedLongEnough(Pod pod) {
        var now = clock.instant();
        var since = suspects.computeIfAbsent(pod.getMetadata().getUid(), _ -> now);
        var claimed = Labels.state(BrowserState.CLAIMED)
                .equals(pod.getMetadata().getLabels().get(Labels.STATE));
        return !since.plus(claimed ? grace.multipliedBy(CLAIMED_PATIENCE) : grace)
                .isAfter(now);
    }

    /** A pool that went without its finalizer, by force or while the database was away. Claimed browsers stay to their end. */
    private void rowsWithoutPools(List<Pod> pods) {
        var withBrowsers = new HashSet<>(store.poolsWithBrowsers());
        var listed = directory.pools().stream().map(Directory.Pool::id).collect(Collectors.toSet());
        var existing = existing();
        listed.stream().filter(pool -> !existing.contains(pool)).forEach(directory::removePool);
        withBrowsers.removeAll(existing);
        for (var pool : withBrowsers) {
            var byName = pods.stream()
                    .filter(pod ->
                            pool.toString().equals(pod.getMetadata().getLabels().get(Labels.POOL_UID)))
                    .collect(Collectors.toMap(pod -> pod.getMetadata().getName(), pod -> pod, (one, _) -> one));
            store.browsers(pool).forEach(row -> clear(row, byName));
        }
    }

    private void clear(Browser row, Map<String, Pod> pods) {
        var epoch = leadership.epoch();
        var pod = pods.get(row.podName());
        if (pod == null) {
            store.gone(row.id(), EndReason.POD_LOST, epoch);
        } else if (row.state() != BrowserState.CLAIMED && store.retire(row.id(), epoch)) {
            var meta = pod.getMetadata();
            PodDeletion.delete(client, meta.getNamespace(), meta.getName(), meta.getUid());
        }
    }

    private Set<UUID> existing() {
        return client.resources(BrowserPool.class).inAnyNamespace().list().getItems().stream()
                .map(PoolTargets::id)
                .collect(Collectors.toSet());
    }
}
