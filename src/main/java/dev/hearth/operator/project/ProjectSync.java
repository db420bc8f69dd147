package dev.hearth.operator.project;

import dev.hearth.api.v1alpha1.BrowserPool;
import dev.hearth.claim.Directory;
import dev.hearth.operator.Events;
import dev.hearth.operator.Labels;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings namespaces' keys and quotas into the directory: at once when one changes, and all of them every minute, so that a
 * key of a namespace that went while nobody watched stops working too. Runs while this operator leads.
 */
public final class ProjectSync implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProjectSync.class);
    /** Also how late an expired key stops working. */
    private static final Duration ALL_AGAIN = Duration.ofMinutes(1);
    /** Until all were brought in for the first time. Longer: a new installation refuses its own keys for as long. */
    private static final Duration FIRST_AGAIN = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final Directory directory;
    private final Events events;
    private final Clock clock;
    private final List<SharedIndexInformer<?>> informers = new ArrayList<>();
    private @Nullable ScheduledExecutorService worker;
    private volatile boolean caughtUp;

    public ProjectSync(KubernetesClient client, Directory directory, Events events, Clock clock) {
        this.client = client;
        this.directory = directory;
        this.events = events;
        this.clock = clock;
    }

    public synchronized void start() {
        var thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("project-sync").factory());
        worker = thread;
        informers.add(
                client.secrets().inAnyNamespace().withLabel(Labels.API_KEY).inform(new Handler<Secret>()));
        informers.add(client.configMaps()
                .inAnyNamespace()
                .withField("metadata.name", ProjectQuota.NAME)
                .inform(new Handler<ConfigMap>()));
        thread.execute(this::round);
    }

    /** Whether every namespace's keys were brought in since this process began to lead: before, a good key may be refused. */
    public boolean caughtUp() {
        return caughtUp;
    }

    private void round() {
        guarded("all projects", this::syncAll);
        synchronized (this) {
            if (worker != null) {
                var next = caughtUp ? ALL_AGAIN : FIRST_AGAIN;
                worker.schedule(this::round, next.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    @Override
    public synchronized void close() {
        informers.forEach(SharedIndexInformer::stop);
        informers.clear();
        if (worker != null) {
            worker.shutdownNow();
            worker = null;
        }
    }

    /** An exception in a handler would end the informer without a word: all it does is to hand the name on. */
    private final class Handler<T extends HasMetadata> implements ResourceEventHandler<T> {
        @Override
        public void onAdd(T object) {
            changed(object);
        }

        @Override
        public void onUpdate(T before, T after) {
            if (!java.util.Objects.equals(
                    before.getMetadata().getResourceVersion(),
                    after.getMetadata().getResourceVersion())) {
                changed(after);
            }
        }

        @Override
        public void onDelete(T object, boolean unknownFinalState) {
            changed(object);
        }
    }

    private synchronized void changed(HasMetadata object) {
        var namespace = object.getMetadata().getNamespace();
        if (worker != null) {
            worker.execute(() -> guarded(namespace, () -> sync(namespace)));
        }
    }

    /** What fails now is done again with all others. */
    private static boolean guarded(String what, Runnable work) {
        try {
            work.run();
            return true;
        } catch (RuntimeException broken) {
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
            LOG.atWarn()
                    .addKeyValue("project", what)
                    .addKeyValue("reason", broken.getMessage())
                    .log("keys not synced");
            return false;
        }
    }

    /** From the API server itself: a cache that is empty for a moment must not take everybody's keys away. */
    private void syncAll() {
        var namespaces = new TreeSet<>(namespaces());
        namespaces.addAll(directory.projects());
        var synced = namespaces.stream()
                .filter(namespace -> guarded(namespace, () -> sync(namespace)))
                .count();
        caughtUp |= synced == namespaces.size();
    }

    private Set<String> namespaces() {
        var found = new HashSet<String>();
        client.secrets()
                .inAnyNamespace()
                .withLabel(Labels.API_KEY)
                .list()
                .getItems()
                .forEach(secret -> found.add(secret.getMetadata().getNamespace()));
        client.configMaps()
                .inAnyNamespace()
                .withField("metadata.name", ProjectQuota.NAME)
                .list()
                .getItems()
                .forEach(map -> found.add(map.getMetadata().getNamespace()));
        client.resources(BrowserPool.class)
                .inAnyNamespace()
                .list()
                .getItems()
                .forEach(pool -> found.add(pool.getMetadata().getNamespace()));
        return found;
    }

    private void sync(String namespace) {
        var map = client.configMaps()
                .inNamespace(namespace)
                .withName(ProjectQuota.NAME)
                .get();
        var quota = ProjectQuota.read(map);
        if (map != null && !quota.complaints().isEmpty()) {
            events.tell(map, Events.Level.WARNING, "ProjectInvalid", String.join("; ", quota.complaints()));
        }
        directory.putProject(quota.of(namespace));
        var secrets = client.secrets()
                .inNamespace(namespace)
                .withLabel(Labels.API_KEY)
                .list()
                .getItems();
        directory.replaceKeys(namespace, keys(secrets));
    }

    private List<Directory.Key> keys(List<Secret> secrets) {
        var now = clock.instant();
        var keys = new ArrayList<Directory.Key>();
        for (var secret : secrets) {
            switch (ApiKeys.read(secret, now)) {
                case ApiKeys.Reading.Usable(var key, var expires) -> {
                    keys.add(key);
                    again(secret, expires, now);
                }
                case ApiKeys.Reading.Expired() ->
                    events.tell(secret, Events.Level.NORMAL, "KeyExpired", "the key no longer works");
                case ApiKeys.Reading.Refused(var why) -> events.tell(secret, Events.Level.WARNING, "KeyRefused", why);
            }
        }
        return keys;
    }

    /** A key that expires before the next round is looked at right then. */
    private synchronized void again(Secret secret, @Nullable Instant expires, Instant now) {
        if (worker != null && expires != null && expires.isBefore(now.plus(ALL_AGAIN))) {
            var namespace = secret.getMetadata().getNamespace();
            worker.schedule(
                    () -> guarded(namespace, () -> sync(namespace)),
                    Duration.between(now, expires).toMillis() + 1,
                    TimeUnit.MILLISECONDS);
        }
    }
}
