package dev.hearth.operator;

import static dev.hearth.operator.TestOperator.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.api.v1alpha1.BrowserPool;
import dev.hearth.store.StoreSettings;
import dev.hearth.store.Stores;
import dev.hearth.testing.kube.ActingKubelet;
import dev.hearth.testing.kube.TestControlPlane;
import dev.hearth.testing.postgres.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The operator between two real neighbours: a pool, a declared session, its end, and nothing left behind. */
class OperatorOnPostgresIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private final TestControlPlane plane = TestControlPlane.shared();
    private final String namespace = plane.newNamespace("postgres");

    @Test
    void claimsRefillsReleasesAndClearsAway() {
        try (var client = plane.client();
                var _ = new ActingKubelet(client, namespace);
                var stores = Stores.open(StoreSettings.single(DATABASE.address().patiently(16)));
                var runtime = new OperatorRuntime(
                        client, ports(stores), TestOperator.SETTINGS, new SimpleMeterRegistry(), () -> {})) {
            runtime.start();
            kubectl("apply", "-f", "src/test/resources/crds/valid-pool-minimal.yaml");
            kubectl("scale", "bp/minimal", "--replicas=3");
            awaitWarm(client.resources(BrowserPool.class), 3);

            kubectl("apply", "-f", "src/test/resources/crds/valid-session-by-pool.yaml");
            kubectl("wait", "bs/by-pool", "--for=condition=Ready", "--timeout=20s");
            patiently()
                    .until(() -> kubectl("get", "bp", "minimal", "-o", "jsonpath={.status.claimed}/{.status.warm}")
                            .equals("1/3"));
            patiently()
                    .until(() -> kubectl("get", "pods", "-l", "hearth.dev/state=claimed", "-o", "name")
                                    .lines()
                                    .count()
                            == 1);

            kubectl("delete", "bs", "by-pool", "--timeout=20s");
            patiently().until(() -> kubectl("get", "pods", "-o", "name").lines().count() == 3);
            kubectl("delete", "bp", "minimal", "--timeout=20s");
            assertThat(stores.supply().poolsWithBrowsers()).isEmpty();
            assertThat(stores.directory().pools()).isEmpty();
        }
    }

    private static OperatorPorts ports(Stores stores) {
        return new OperatorPorts(
                stores.supply(),
                stores.claims(),
                stores.sessions(),
                stores.census(),
                stores.directory(),
                session -> new ConnectUrls.Urls("ws://h/" + session.id() + "?token=t", "ws://h/" + session.id()),
                stores::virtualShard);
    }

    private void awaitWarm(io.fabric8.kubernetes.client.dsl.MixedOperation<BrowserPool, ?, ?> pools, int warm) {
        patiently().untilAsserted(() -> {
            var status =
                    pools.inNamespace(namespace).withName("minimal").require().getStatus();
            assertThat(status).isNotNull();
            assertThat(status.warm()).isEqualTo(warm);
        });
    }

    private String kubectl(String... arguments) {
        var all = new java.util.ArrayList<>(java.util.List.of("-n", namespace));
        all.addAll(java.util.List.of(arguments));
        return plane.kubectl().ok(all.toArray(String[]::new));
    }
}
