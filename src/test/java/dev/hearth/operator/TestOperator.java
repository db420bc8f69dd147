package dev.hearth.operator;

import dev.hearth.api.v1alpha1.BrowserPool;
import dev.hearth.api.v1alpha1.BrowserPoolStatus;
import dev.hearth.pool.BrowserState;
import dev.hearth.pool.PoolTimings;
import dev.hearth.testing.FakeDirectory;
import dev.hearth.testing.FakeSessions;
import dev.hearth.testing.FakeSupplyStore;
import dev.hearth.testing.kube.ActingKubelet;
import dev.hearth.testing.kube.TestControlPlane;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** The operator on a real API server, in a namespace of its own, with a kubelet that acts and rows in memory. */
public final class TestOperator implements AutoCloseable {
    public static final OperatorSettings SETTINGS = new OperatorSettings(
            new OperatorSettings.Leading(false, Optional.empty()),
            new OperatorSettings.AgentSettings(
                    "hearth.dev/hearth:test",
                    List.of("/agent"),
                    "/usr/bin/chromium",
                    "127.0.0.1:1",
                    "key",
                    Optional.empty(),
                    false),
            new PoolTimings(Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofSeconds(30), 100),
            Duration.ofMillis(100),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));

    public final TestControlPlane plane = TestControlPlane.shared();
    public final KubernetesClient client = plane.client();
    public final FakeSupplyStore supply = new FakeSupplyStore(InstantSource.system());
    public final FakeDirectory directory = new FakeDirectory();
    public final FakeSessions sessions = new FakeSessions(supply, directory);
    public final String namespace;
    public final ActingKubelet kubelet;
    private @Nullable OperatorRuntime runtime;

    /** What the operator itself works with, where it is not the test's own. */
    private final @Nullable KubernetesClient acting;

    private final OperatorSettings settings;

    public TestOperator(String prefix) {
        this(prefix, null, SETTINGS);
    }

    private TestOperator(String prefix, @Nullable KubernetesClient acting, OperatorSettings settings) {
        this.acting = acting;
        this.settings = settings;
        this.namespace = plane.newNamespace(prefix);
        this.kubelet = new ActingKubelet(client, namespace);
        start(new SimpleMeterRegistry());
    }

    /** One that has only the rights of this client, and leads by a lease; its owner closes the client. */
    public static TestOperator as(KubernetesClient acting, String prefix, String leaseNamespace) {
        return new TestOperator(
                prefix,
                acting,
                new OperatorSettings(
                        new OperatorSettings.Leading(true, Optional.of(leaseNamespace)),
                        SETTINGS.agent(),
                        SETTINGS.timings(),
                        SETTINGS.poll(),
                        SETTINGS.orphanGrace(),
                        SETTINGS.recordTtl(),
                        SETTINGS.releaseDeadline()));
    }

    public void start(MeterRegistry registry) {
        runtime = beside(registry);
        runtime.start();
    }

    /** Another operator of the same pools and rows, not started. */
    public OperatorRuntime beside(MeterRegistry registry) {
        return beside(registry, () -> {});
    }

    public OperatorRuntime beside(MeterRegistry registry, Runnable onLost) {
        return new OperatorRuntime(
                acting == null ? client : acting,
                new OperatorPorts(
                        supply,
                        sessions,
                        sessions,
                        sessions,
                        directory,
                        session -> new ConnectUrls.Urls(
                                "ws://hearth/connect/" + session.id() + "?token=secret",
                                "ws://hearth/connect/" + session.id()),
                        _ -> 7),
                settings,
                registry,
                onLost);
    }

    public boolean isReady() {
        return runtime != null && runtime.isReady();
    }

    public void stop() {
        if (runtime != null) {
            runtime.stop();
            runtime = null;
        }
    }

    public void apply(String yaml) {
        client.load(new java.io.ByteArrayInputStream(yaml.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .inNamespace(namespace)
                .serverSideApply();
    }

    public void pool(String name, int replicas, String more) {
        apply("""
                apiVersion: hearth.dev/v1alpha1
                kind: BrowserPool
                metadata: {name: %s}
                spec:
                  region: here
                  replicas: %d
                  browser: {image: chrome}
                %s
                """.formatted(name, replicas, more));
    }

    public BrowserPool pool(String name) {
        return client.resources(BrowserPool.class)
                .inNamespace(namespace)
                .withName(name)
                .require();
    }

    public UUID uid(String pool) {
        return UUID.fromString(pool(pool).getMetadata().getUid());
    }

    public void awaitWarm(String pool, int warm) {
        patiently()
                .untilAsserted(() -> org.assertj.core.api.Assertions.assertThat(status(pool))
                        .isNotNull()
                        .satisfies(status -> org.assertj.core.api.Assertions.assertThat(
                                        Objects.requireNonNull(status).warm())
                                .as("%s", status)
                                .isEqualTo(warm)));
    }

    public @Nullable BrowserPoolStatus status(String pool) {
        return pool(pool).getStatus();
    }

    public List<Pod> pods() {
        return client.pods().inNamespace(namespace).list().getItems();
    }

    public long rows(BrowserState state) {
        return supply.all().stream().filter(row -> row.state() == state).count();
    }

    public String kubectl(String... arguments) {
        var all = new java.util.ArrayList<>(List.of("-n", namespace));
        all.addAll(List.of(arguments));
        return plane.kubectl().ok(all.toArray(String[]::new));
    }

    public static ConditionFactory patiently() {
        return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50));
    }

    @Override
    public void close() {
        stop();
        kubelet.close();
        client.close();
    }
}
