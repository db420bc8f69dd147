package dev.hearth.chart;

import static dev.hearth.operator.TestOperator.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import dev.hearth.claim.Sha256;
import dev.hearth.operator.TestOperator;
import dev.hearth.testing.kube.Kubectl;
import dev.hearth.testing.kube.TestControlPlane;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The chart with every option on, installed by Helm into a real API server; nothing runs its pods. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChartIT {
    /** Kinds that other projects bring; their shape is not ours to check. */
    private static final String FOREIGN_KINDS = kind("monitoring.coreos.com", "ServiceMonitor")
            + kind("monitoring.coreos.com", "PrometheusRule")
            + kind("gateway.networking.k8s.io", "HTTPRoute");

    private static String kind(String group, String kind) {
        return """
                ---
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata:
                  name: %2$ss.%1$s
                  annotations: {api-approved.kubernetes.io: unapproved}
                spec:
                  group: %1$s
                  names: {kind: %3$s, plural: %2$ss, singular: %2$s}
                  scope: Namespaced
                  versions:
                    - name: v1
                      served: true
                      storage: true
                      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                """.formatted(group, kind.toLowerCase(Locale.ROOT), kind);
    }

    private static final String RELEASE = "hearth";

    private final Kubectl kubectl = TestControlPlane.shared().kubectl();
    private final String namespace = TestControlPlane.shared().newNamespace("chart");

    @BeforeAll
    void install() throws IOException {
        var kinds = Files.writeString(Files.createTempFile("foreign-kinds", ".yaml"), FOREIGN_KINDS);
        kubectl.ok("apply", "-f", kinds.toString());
        patiently()
                .until(() -> kubectl.run("get", "servicemonitors,prometheusrules,httproutes", "-A")
                                .exitCode()
                        == 0);
        for (var other : List.of("team-a", "team-b", "hearth-nodes")) {
            kubectl.run("create", "namespace", other);
        }
        kubectl.ok("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted");
        // The definitions are there already, and not this release's.
        Chart.helm()
                .install()
                .withName(RELEASE)
                .withNamespace(namespace)
                .withKubeConfig(kubectl.kubeconfig())
                .withValuesFile(Chart.EVERYTHING)
                .set("crds.install", false)
                .call();
    }

    @AfterAll
    void uninstall() {
        Helm.uninstall(RELEASE)
                // No kubelet runs its hook here.
                .noHooks()
                .withNamespace(namespace)
                .withKubeConfig(kubectl.kubeconfig())
                .call();
    }

    @Test
    void everyObjectIsAccepted() {
        var found = kubectl.ok(
                "-n",
                namespace,
                "get",
                "deploy,sts,svc,pdb,ingress,httproute,servicemonitor,prometheusrule,networkpolicy,sa,role,rolebinding,secret",
                "-o",
                "name");
        assertThat(found)
                .contains(
                        "deployment.apps/hearth-operator",
                        "deployment.apps/hearth-gateway",
                        "statefulset.apps/hearth-postgres",
                        "ingress.networking.k8s.io/hearth",
                        "httproute.gateway.networking.k8s.io/hearth",
                        "prometheusrule.monitoring.coreos.com/hearth",
                        "servicemonitor.monitoring.coreos.com/hearth");
        assertThat(kubectl.ok("-n", "hearth-nodes", "get", "ds", "-o", "name"))
                .contains("daemonset.apps/hearth-seccomp");
        assertThat(kubectl.ok("-n", "team-b", "get", "netpol", "-o", "name")).contains("hearth-browsers");
    }

    /** By the API server's own admission, which looks at pods only. */
    @Test
    void podSecurityRestrictedAdmitsEveryPod() throws IOException {
        for (var name : List.of("deploy/hearth-operator", "deploy/hearth-gateway", "sts/hearth-postgres")) {
            var spec = kubectl.ok("-n", namespace, "get", name, "-o", "jsonpath={.spec.template.spec}");
            var pod = Files.writeString(
                    Files.createTempFile("pod", ".json"),
                    "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"probe\"},\"spec\":"
                            // The claim's volume is added by the controller of the set.
                            + spec.replace(
                                    "\"volumes\":[",
                                    name.startsWith("sts")
                                            ? "\"volumes\":[{\"name\":\"data\",\"emptyDir\":{}},"
                                            : "\"volumes\":[")
                            + "}");
            assertThat(kubectl.ok("-n", namespace, "create", "--dry-run=server", "-f", pod.toString()))
                    .as(name)
                    .contains("created");
        }
    }

    @Test
    void anUpgradeKeepsTheKeysAndThePassword() {
        var before = secrets();
        assertThat(before).hasSize(3).allSatisfy(data -> assertThat(data).hasSizeGreaterThan(40));

        Chart.helm()
                .upgrade()
                .withName(RELEASE)
                .withNamespace(namespace)
                .withKubeConfig(kubectl.kubeconfig())
                .withValuesFile(Chart.EVERYTHING)
                .set("crds.install", false)
                .set("gateway.replicas", 5)
                .call();

        assertThat(kubectl.ok("-n", namespace, "get", "deploy", "hearth-gateway", "-o", "jsonpath={.spec.replicas}"))
                .isEqualTo("5");
        assertThat(secrets()).isEqualTo(before);
    }

    private List<String> secrets() {
        return List.of(
                secret("hearth-signing", "signing\\.pem"),
                secret("hearth-api-key", "key"),
                secret("hearth-postgres", "password"));
    }

    private String secret(String name, String key) {
        return kubectl.ok("-n", namespace, "get", "secret", name, "-o", "jsonpath={.data." + key + "}");
    }

    @Test
    void gatewaysMayDoNothing() {
        for (var right : List.of("list pods", "get secrets", "list browserpools.hearth.dev", "create events")) {
            assertThat(mayI("hearth-gateway", right)).as(right).isEqualTo("no");
        }
        assertThat(mayI("hearth-operator", "list pods")).isEqualTo("yes");
        for (var right : List.of("create serviceaccounts", "delete configmaps", "create deployments.apps")) {
            assertThat(mayI("hearth-operator", right)).as(right).isEqualTo("no");
        }
    }

    private String mayI(String account, String right) {
        var words = right.split(" ");
        return kubectl.run(
                        "auth",
                        "can-i",
                        words[0],
                        words[1],
                        "-A",
                        "--as=system:serviceaccount:" + namespace + ":" + account)
                .text()
                .strip()
                .replaceAll("(?s).*\\n", "");
    }

    /** The operator itself, as the chart's account, from the lease to the last Secret. */
    @Test
    void theOperatorsRightsAreEnough() throws IOException {
        var token = kubectl.ok("-n", namespace, "create", "token", "hearth-operator")
                .strip();
        var admin = Config.fromKubeconfig(Files.readString(kubectl.kubeconfig()));
        var account = new ConfigBuilder()
                .withMasterUrl(admin.getMasterUrl())
                .withCaCertFile(admin.getCaCertFile())
                .withCaCertData(admin.getCaCertData())
                .withOauthToken(token)
                .withNamespace(namespace)
                .withAutoConfigure(false)
                .build();
        try (var client = new KubernetesClientBuilder().withConfig(account).build();
                var operator = TestOperator.as(client, "rights", namespace)) {
            operator.pool("warm", 1, "");
            operator.awaitWarm("warm", 1);
            operator.apply("""
                    apiVersion: hearth.dev/v1alpha1
                    kind: BrowserSession
                    metadata: {name: mine}
                    spec: {poolRef: {name: warm}}
                    """);
            operator.kubectl("wait", "bs/mine", "--for=condition=Ready", "--timeout=25s");
            operator.kubectl("get", "secret", "mine-connect");
            operator.kubectl("get", "pdb", "hearth-claimed-browsers");
            var key = new String(Base64.getDecoder().decode(secret("hearth-api-key", "key")), StandardCharsets.UTF_8);
            patiently()
                    .until(() -> operator.directory.authenticate(Sha256.of(key)).isPresent());
            // What is refused is told by an Event, which needs a right of its own.
            operator.apply("""
                    apiVersion: v1
                    kind: Secret
                    metadata: {name: short, labels: {hearth.dev/api-key: "true"}}
                    stringData: {key: short}
                    """);
            patiently()
                    .until(() -> operator.kubectl("get", "events", "-o", "jsonpath={.items[*].reason}")
                            .contains("KeyRefused"));
            operator.kubectl("delete", "bs", "mine", "--timeout=25s");
            operator.kubectl("delete", "bp", "warm", "--timeout=25s");
            patiently()
                    .until(() -> operator.plane
                                    .kubectl()
                                    .run("-n", operator.namespace, "get", "pdb", "hearth-claimed-browsers")
                                    .exitCode()
                            != 0);
            assertThat(kubectl.ok("-n", namespace, "get", "lease", "hearth-operator", "-o", "name"))
                    .contains("hearth-operator");
        }
    }
}
