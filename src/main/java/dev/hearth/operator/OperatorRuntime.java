package dev.hearth.operator;

import dev.hearth.api.v1alpha1.BrowserPool;
import dev.hearth.api.v1alpha1.BrowserSession;
import dev.hearth.operator.pool.PoolOperations;
import dev.hearth.operator.project.ProjectSync;
import dev.hearth.operator.record.SessionMirror;
import dev.hearth.operator.session.SessionOperations;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator of one process, from start to stop. Losing the lease ends every write here and calls {@code onLost}: what
 * becomes of the process is its owner's choice, for a gateway may live in it.
 */
public final class OperatorRuntime implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorRuntime.class);
    /** Two lists of everything: rarer, and leavings stay; more often, and the API server notices. */
    private static final Duration SWEEP_AT_MOST_EVERY = Duration.ofSeconds(30);

    /** Whatever event was lost, an object is looked at again after this long. */
    private static final Duration AT_LATEST = Duration.ofMinutes(1);
    /** The SDK's own retry gives up after 18 s, and a pool would stand still until somebody edits it. */
    private static final GenericRetry FOREVER = new GenericRetry()
            .withoutMaxAttempts()
            .setInitialInterval(Duration.ofMillis(500))
            .setIntervalMultiplier(2)
            .setMaxInterval(Duration.ofSeconds(30).toMillis());

    /**
     * Two looks at the lease once it has run out, each up to 2.2 periods after the one before: one may fail. Longer: a standby
     * is ready later. Shorter: a dead operator's lease counts as one that works.
     */
    private static final Duration LEASE_RUNS_OUT = LeaderElectionConfiguration.LEASE_DURATION_DEFAULT_VALUE.plus(
            LeaderElectionConfiguration.RETRY_PERIOD_DEFAULT_VALUE.multipliedBy(5));

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    /** Unique per start: with the same identity as before, two processes may think that they lead. */
    private final String identity = "hearth-operator-" + UUID.randomUUID();

    private final KubernetesClient client;
    private final OperatorSettings settings;
    private final Leadership leadership;
    private final PoolOperations pools;
    private final SessionOperations sessions;
    private final ProjectSync projects;
    private final SessionMirror mirror;
    private final Operator operator;
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(
            2, Thread.ofPlatform().daemon().name("operator-timer-", 0).factory());
    private volatile @Nullable Other leader;

    /** @param onLost called once when the lease is lost; never without leader election */
    public OperatorRuntime(
            KubernetesClient client,
            OperatorPorts ports,
            OperatorSettings settings,
            MeterRegistry registry,
            Runnable onLost) {
        this.client = client;
        this.settings = settings;
        this.leadership = new Leadership(ports.supply(), identity);
        var events = new Events(client, Clock.systemUTC());
        var shared = new PoolOperations.Shared(client, ports, leadership, events, Clock.systemUTC());
        this.pools = new PoolOperations(shared, settings, registry);
        this.sessions = new SessionOperations(shared, settings);
        this.projects = new ProjectSync(client, ports.directory(), events, Clock.systemUTC());
        this.mirror = new SessionMirror(client, ports, settings.recordTtl(), registry, Clock.systemUTC());
        this.operator = operator(OperatorMetrics.on(registry), onLost);
    }

    private Operator operator(Metrics metrics, Runnable onLost) {
        return new Operator(overrider -> {
            overrider
                    .withKubernetesClient(client)
                    .withCloseClientOnStop(false)
                    .withMetrics(metrics)
                    .withReconciliationTerminationTimeout(STOP_PATIENCE)
                    .withStopOnInformerErrorDuringStartup(true)
                    .withInformerStoppedHandler((_, failure) -> informerStopped(failure));
            if (settings.leading().election()) {
                overrider.withLeaderElectionConfiguration(election(onLost));
            }
        });
    }

    private LeaderElectionConfiguration election(Runnable onLost) {
        return new LeaderElectionConfiguration(
                "hearth-operator",
                settings.leading().leaseNamespace().orElse(client.getNamespace()),
                LeaderElectionConfiguration.LEASE_DURATION_DEFAULT_VALUE,
                LeaderElectionConfiguration.RENEW_DEADLINE_DEFAULT_VALUE,
                LeaderElectionConfiguration.RETRY_PERIOD_DEFAULT_VALUE,
                identity,
                new LeaderCallbacks(() -> leadOrLose(onLost), () -> lost(onLost), this::leaderChanged),
                false);
    }

    private void leaderChanged(String leader) {
        this.leader = leader.isEmpty() || leader.equals(identity) ? null : new Other(System.nanoTime());
        LOG.info("the leader is {}", leader);
    }

    /** Another process that holds the lease, since when we know. */
    private record Other(long sinceNanos) {
        /** Were it gone, we would have taken the lease by now: until then its name may be all that is left of it. */
        private boolean lives() {
            return System.nanoTime() - sinceNanos > LEASE_RUNS_OUT.toNanos();
        }
    }

    /** @throws OperatorStartException naming a CRD that is missing, before anything has started */
    public void start() {
        RequiredTypes.check(client, BrowserPool.class);
        RequiredTypes.check(client, BrowserSession.class);
        register(pools.reconciler());
        register(sessions.reconciler());
        if (!settings.leading().election()) {
            lead();
        }
        operator.start();
    }

    private <P extends io.fabric8.kubernetes.api.model.HasMetadata> void register(Reconciler<P> reconciler) {
        operator.register(reconciler, override -> override.withRetry(FOREVER).withReconciliationMaxInterval(AT_LATEST));
    }

    /** The elector would go on renewing the lease of a leader that does nothing. */
    private void leadOrLose(Runnable onLost) {
        try {
            lead();
        } catch (RuntimeException failed) {
            LOG.atError().setCause(failed).log("cannot lead");
            lost(onLost);
        }
    }

    private void lead() {
        leadership.begin();
        projects.start();
        var poll = settings.poll().toMillis();
        timer.scheduleWithFixedDelay(whileLeading(pools.watch()), poll, poll, TimeUnit.MILLISECONDS);
        var sweep =
                Math.min(SWEEP_AT_MOST_EVERY.toMillis(), settings.orphanGrace().toMillis());
        timer.scheduleWithFixedDelay(whileLeading(mirror), 1, 1, TimeUnit.SECONDS);
        timer.scheduleWithFixedDelay(whileLeading(pools.sweep()), sweep, sweep, TimeUnit.MILLISECONDS);
    }

    private Runnable whileLeading(Runnable task) {
        return () -> {
            if (leadership.isLeading()) {
                task.run();
            }
        };
    }

    private void lost(Runnable onLost) {
        if (leadership.isLeading()) {
            leadership.end();
            projects.close();
            LOG.warn("no longer the leader");
            onLost.run();
        }
    }

    /** Also called for every watch of an ordinary stop, then without a failure. */
    private static void informerStopped(@Nullable Throwable failure) {
        if (failure == null) {
            return;
        }
        // The periodic look and the sweep go on; a watch that never comes back needs a restart, which health reports.
        LOG.atError().addKeyValue("reason", failure.getMessage()).log("a watch ended for good");
    }

    /** Whether every watch is alive; for a liveness check, never for a gateway's readiness. */
    public boolean isHealthy() {
        return operator.getRuntimeInfo().allEventSourcesAreHealthy();
    }

    /** Whether somebody does this work: this process, once it has brought every key in, or the one that leads. */
    public boolean isReady() {
        var other = leader;
        return projects.caughtUp() || (other != null && other.lives());
    }

    /** Wakes a pool at once after a claim or an ending in this very process. */
    public void poke(UUID pool) {
        pools.pokes().poke(pool);
    }

    public void stop() {
        leadership.end();
        timer.shutdownNow();
        projects.close();
        mirror.close();
        operator.stop();
    }

    @Override
    public void close() {
        stop();
    }
}
