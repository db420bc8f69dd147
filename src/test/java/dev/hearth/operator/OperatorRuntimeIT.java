package dev.hearth.operator;

import static dev.hearth.operator.TestOperator.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.claim.EndReason;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What holds for the operator as a whole: projects, metrics, orphans, its start. */
class OperatorRuntimeIT {
    private final TestOperator operator = new TestOperator("runtime");

    @AfterEach
    void stop() {
        operator.kubectl("delete", "bp", "--all", "--timeout=30s");
        operator.close();
    }

    @Test
    void keysFollowTheirSecrets() throws Exception {
        operator.apply(secret("good", "a-key-that-is-long-enough", ""));
        operator.apply(secret("short", "too-short", ""));
        operator.apply("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: hearth-project}
                data: {concurrency: "7", defaultTimeout: 10m}
                """);

        patiently()
                .untilAsserted(() -> assertThat(operator.directory.authenticate(hash("a-key-that-is-long-enough")))
                        .hasValueSatisfying(project -> {
                            assertThat(project.name()).isEqualTo(operator.namespace);
                            assertThat(project.concurrency()).isEqualTo(7);
                            assertThat(project.defaultTimeout()).isEqualTo(Duration.ofMinutes(10));
                        }));
        assertThat(operator.directory.authenticate(hash("too-short"))).isEmpty();
        patiently()
                .until(() -> operator.kubectl("get", "events", "-o", "jsonpath={.items[*].reason}")
                        .contains("KeyRefused"));

        operator.kubectl("delete", "secret", "good");
        patiently()
                .until(() -> operator.directory
                        .authenticate(hash("a-key-that-is-long-enough"))
                        .isEmpty());
    }

    @Test
    void itIsReadyOnceEveryKeyWorks() throws Exception {
        operator.stop();
        operator.apply(secret("first", "the-first-key-of-all", ""));
        operator.directory.keyRefusals.set(Integer.MAX_VALUE);
        operator.start(new SimpleMeterRegistry());
        patiently().until(() -> operator.directory.keyRefusals.get() < Integer.MAX_VALUE - 3);
        assertThat(operator.isReady()).as("while no key can be brought in").isFalse();

        operator.directory.keyRefusals.set(0);
        patiently().until(operator::isReady);
        assertThat(operator.directory.authenticate(hash("the-first-key-of-all")))
                .isPresent();
    }

    @Test
    void aKeyStopsWorkingWhenItExpires() throws Exception {
        var expires = new AtomicReference<>(Instant.EPOCH);
        patiently().until(() -> {
            // Again, where it took longer than that to bring the key in.
            if (Instant.now().isAfter(expires.get())) {
                expires.set(Instant.now().plusSeconds(3));
                operator.apply(secret(
                        "brief",
                        "a-key-that-expires-soon",
                        "annotations: {hearth.dev/expires: \"" + expires.get() + "\"}"));
            }
            return operator.directory
                    .authenticate(hash("a-key-that-expires-soon"))
                    .isPresent();
        });
        patiently()
                .until(() -> operator.directory
                        .authenticate(hash("a-key-that-expires-soon"))
                        .isEmpty());
    }

    @Test
    void theTimerOutlivesItsFirstEventOnAPrometheusRegistry() {
        operator.stop();
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        operator.start(registry);
        operator.kubelet.hold(true);
        operator.pool("timed", 1, "");
        patiently().until(() -> operator.pods().size() == 1);
        // A waiting session reschedules itself by timer again and again.
        operator.apply("""
                apiVersion: hearth.dev/v1alpha1
                kind: BrowserSession
                metadata: {name: waiting}
                spec: {poolRef: {name: timed}}
                """);
        patiently().until(() -> executions(registry) >= 4);
        operator.kubelet.hold(false);
        operator.kubectl("wait", "bs/waiting", "--for=condition=Ready", "--timeout=25s");
        assertThat(registry.scrape()).contains("hearth_pool_browsers{", "state=\"warm\"");
        operator.kubectl("delete", "bs", "waiting");
    }

    private static double executions(PrometheusMeterRegistry registry) {
        return registry.scrape()
                .lines()
                .filter(line -> line.startsWith("reconciliations_success") && line.contains("browsersession"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void aPodThatNoRowKnowsGoesThoughForeignOnesBearOurLabels() {
        operator.apply(browserPod("without-a-pool", ""));
        operator.apply(browserPod("of-a-word", ", hearth.dev/pool-uid: copied"));
        operator.apply(browserPod("orphan", ", hearth.dev/pool-uid: " + UUID.randomUUID()));

        patiently().atMost(Duration.ofSeconds(45)).until(() -> !podNames().contains("orphan"));
        assertThat(podNames()).contains("without-a-pool", "of-a-word");
        operator.kubectl("delete", "pod", "without-a-pool", "of-a-word", "--force", "--grace-period=0");
    }

    private static String browserPod(String name, String labels) {
        return """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: %s
                  labels: {app.kubernetes.io/managed-by: hearth, hearth.dev/browser: "1", hearth.dev/state: warm%s}
                spec: {containers: [{name: main, image: none}]}
                """.formatted(name, labels);
    }

    private String podNames() {
        return operator.kubectl("get", "pods", "-o", "jsonpath={.items[*].metadata.name}");
    }

    @Group("hearth.dev")
    @Version("v1alpha1")
    static final class Undefined extends CustomResource<Void, Void> {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void ofAKindThatIsNotDefinedThereIsNothingToUninstall() {
        assertThat(Uninstall.all(operator.client, Undefined.class)).isEmpty();
    }

    @Test
    void aPoolThatWentByForceLeavesItsClaimedBrowserOnly() {
        operator.pool("forced", 2, "");
        operator.awaitWarm("forced", 2);
        var claimed = Objects.requireNonNull(operator.supply.claim(operator.uid("forced")));
        operator.awaitWarm("forced", 2);
        operator.kubectl("patch", "bp", "forced", "--type=merge", "-p", "{\"spec\":{\"paused\":true}}");
        operator.stop();
        operator.kubectl("patch", "bp", "forced", "--type=merge", "-p", "{\"metadata\":{\"finalizers\":null}}");
        operator.kubectl("delete", "bp", "forced", "--timeout=10s");
        operator.start(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));

        patiently().atMost(Duration.ofSeconds(45)).until(() -> operator.pods().size() == 1);
        assertThat(operator.supply.all()).anyMatch(row -> row.id().equals(claimed.id()));
        assertThat(operator.directory.pools()).isEmpty();

        operator.supply.release(claimed.id());
        patiently().atMost(Duration.ofSeconds(75)).until(() -> operator.pods().isEmpty());
        patiently()
                .atMost(Duration.ofSeconds(45))
                .until(() -> operator.supply.all().isEmpty());
        assertThat(operator.supply.endReason(claimed.id()))
                .as("ended by its client")
                .isNotEqualTo(EndReason.POD_LOST);
    }

    @Test
    void aMissingTypeIsNamedWithItsCure() {
        // A type that this API server does not serve stands for a CRD that is not installed.
        assertThatThrownBy(() -> RequiredTypes.check(operator.client, Unserved.class))
                .isInstanceOf(OperatorStartException.class)
                .hasMessageContaining("CRD unserveds.hearth.dev v1alpha1 is not installed")
                .hasMessageContaining("kubectl apply -f crds/");
        RequiredTypes.check(operator.client, Deployment.class);
    }

    @io.fabric8.kubernetes.model.annotation.Group("hearth.dev")
    @io.fabric8.kubernetes.model.annotation.Version("v1alpha1")
    static final class Unserved extends io.fabric8.kubernetes.client.CustomResource<Void, Void> {
        private static final long serialVersionUID = 1L;
    }

    private static String secret(String name, String key, String more) {
        return """
                apiVersion: v1
                kind: Secret
                metadata:
                  name: %s
                  labels: {hearth.dev/api-key: "true"}
                  %s
                stringData: {key: "%s"}
                """.formatted(name, more, key);
    }

    private static byte[] hash(String key) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    }
}
