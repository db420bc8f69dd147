package dev.hearth.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.hearth.gateway.GatewayKeys;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the chart promises, read off what Helm renders. */
class ChartTest {
    private static final Chart STANDARD = Chart.byDefault();
    private static final Chart EVERYTHING = Chart.withEverything();

    @Test
    void passesHelmsStrictLint() {
        var lint = Chart.helm().lint().strict().call();
        assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();
        assertThat(lint.getMessages()).noneMatch(message -> message.contains("WARN") || message.contains("ERROR"));
    }

    @Test
    void everyPodButTheInstallerIsRestricted() {
        assertThat(STANDARD.pods()).containsOnlyKeys("hearth-operator", "hearth-gateway", "hearth-postgres");
        assertThat(EVERYTHING.pods())
                .containsOnlyKeys("hearth-operator", "hearth-gateway", "hearth-postgres", "hearth-seccomp");
        Stream.of(STANDARD, EVERYTHING)
                .flatMap(chart -> chart.pods().entrySet().stream())
                .filter(pod -> !pod.getKey().equals("hearth-seccomp"))
                .forEach(pod -> {
                    var spec = pod.getValue().getSpec();
                    var security = spec.getSecurityContext();
                    assertThat(security.getRunAsNonRoot()).isTrue();
                    assertThat(security.getRunAsUser()).isEqualTo(10_001);
                    assertThat(security.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
                    assertThat(spec.getVolumes()).allMatch(volume -> volume.getHostPath() == null);
                    assertThat(containers(spec)).isNotEmpty().allSatisfy(ChartTest::isRestricted);
                });
    }

    private static void isRestricted(Container container) {
        var security = container.getSecurityContext();
        assertThat(security.getAllowPrivilegeEscalation()).isFalse();
        assertThat(security.getReadOnlyRootFilesystem()).isTrue();
        assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(security.getCapabilities().getAdd()).isEmpty();
        assertThat(container.getResources().getLimits()).containsKey("memory");
    }

    /** A Service called hearth-gateway would give a pod HEARTH_GATEWAY_PORT=tcp://…, and the gateway would not start. */
    @Test
    void noPodGetsServicesVariables() {
        assertThat(EVERYTHING.pods().values())
                .allSatisfy(
                        pod -> assertThat(pod.getSpec().getEnableServiceLinks()).isFalse());
    }

    @Test
    void onlyTheOperatorHasAToken() {
        assertThat(EVERYTHING.pods())
                .allSatisfy((name, pod) -> assertThat(pod.getSpec().getAutomountServiceAccountToken())
                        .as(name)
                        .isEqualTo(name.equals("hearth-operator") ? null : Boolean.FALSE));
        assertThat(STANDARD.one(ServiceAccount.class, "hearth-gateway").getAutomountServiceAccountToken())
                .isFalse();
    }

    @Test
    void theManagementPortHasNoAddressOfItsOwn() {
        var withManagement = EVERYTHING.all(Service.class).stream()
                .filter(service -> service.getSpec().getPorts().stream()
                        .anyMatch(port -> port.getTargetPort().getStrVal() == null
                                || port.getTargetPort().getStrVal().equals("management")))
                .toList();
        assertThat(withManagement)
                .singleElement()
                .satisfies(
                        service -> assertThat(service.getSpec().getClusterIP()).isEqualTo("None"));
        var clients = EVERYTHING.one(Service.class, "hearth").getSpec();
        assertThat(clients.getType()).isEqualTo("LoadBalancer");
        assertThat(clients.getPorts()).extracting(ServicePort::getName).containsExactly("http");
    }

    @Test
    void aGatewayIsGivenTimeToDrain() {
        var spec = Chart.of(command -> command.set("gateway.drainSeconds", 600)).pod("hearth-gateway");
        assertThat(environment(spec)).contains(entry("HEARTH_GATEWAY_DRAIN", "600s"));
        assertThat(spec.getTerminationGracePeriodSeconds()).isEqualTo(620);
        assertThat(spec.getContainers().getFirst().getLifecycle().getPreStop()).isNotNull();
    }

    @Test
    void aGatewayAnswersToItsNames() {
        assertThat(environment(STANDARD.pod("hearth-gateway")).get("HEARTH_GATEWAY_HOSTS"))
                .isEqualTo("localhost,127.0.0.1,[::1],hearth,hearth.hearth,hearth.hearth.svc,"
                        + "hearth.hearth.svc.cluster.local");
        assertThat(environment(EVERYTHING.pod("hearth-gateway")).get("HEARTH_GATEWAY_HOSTS"))
                .endsWith(",hearth.internal,hearth.example.com,hearth.example.org");
    }

    @Test
    void agentsAreSentToTheIngestService() {
        assertThat(environment(STANDARD.pod("hearth-operator")))
                .contains(
                        entry("HEARTH_ROLES", "operator"),
                        entry("HEARTH_ENDPOINTS_INGEST", "hearth-ingest.hearth.svc:9400"),
                        entry("HEARTH_OPERATOR_AGENT_IMAGE", "hearth.dev/hearth:0.1.0"),
                        entry("HEARTH_OPERATOR_SECCOMP_PROFILE", "hearth/hearth-chromium.json"));
        assertThat(STANDARD.one(Service.class, "hearth-ingest").getSpec().getType())
                .isEqualTo("ClusterIP");
    }

    @Test
    void pagesReachPublicAddressesOnly() {
        var policies = EVERYTHING.all(NetworkPolicy.class).stream()
                .filter(policy -> policy.getMetadata().getName().equals("hearth-browsers"))
                .toList();
        assertThat(policies)
                .extracting(policy -> policy.getMetadata().getNamespace())
                .containsExactly("hearth", "team-a", "team-b");
        assertThat(policies).allSatisfy(policy -> {
            var spec = policy.getSpec();
            assertThat(spec.getPolicyTypes()).containsExactly("Ingress", "Egress");
            assertThat(spec.getIngress())
                    .singleElement()
                    .satisfies(rule -> assertThat(
                                    rule.getPorts().getFirst().getPort().getIntVal())
                            .isEqualTo(9222));
            var excepted = spec.getEgress().get(2).getTo().stream()
                    .map(peer -> peer.getIpBlock())
                    .map(IPBlock::getExcept)
                    .flatMap(List::stream);
            assertThat(excepted)
                    .contains("10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16");
            assertThat(spec.getEgress().get(2).getTo())
                    .as("of IPv6, the public addresses")
                    .extracting(peer -> peer.getIpBlock().getCidr())
                    .containsExactly("0.0.0.0/0", "2000::/3");
            assertThat(spec.getEgress().get(2).getPorts())
                    .as("no QUIC, no WebRTC past the policy")
                    .allMatch(port -> port.getProtocol().equals("TCP"));
        });
    }

    @Test
    void onlyOperatorAndGatewaysReachPostgres() {
        var spec = STANDARD.one(NetworkPolicy.class, "hearth-postgres").getSpec();
        assertThat(spec.getEgress()).isEmpty();
        assertThat(spec.getIngress().getFirst().getFrom())
                .singleElement()
                .satisfies(peer -> assertThat(peer.getPodSelector()
                                .getMatchExpressions()
                                .getFirst()
                                .getValues())
                        .containsExactly("operator", "gateway"));
    }

    /** A headless name is unknown while no pod is ready, and leads to the old one's address for a while after it. */
    @Test
    void whatHearthConnectsToKeepsItsAddressWhileThePodOfPostgresChanges() {
        var named = Set.of("hearth-operator", "hearth-gateway");
        assertThat(STANDARD.pods().entrySet().stream().filter(pod -> named.contains(pod.getKey())))
                .hasSize(2)
                .allSatisfy(pod -> {
                    var url = containers(pod.getValue().getSpec()).stream()
                            .flatMap(container -> container.getEnv().stream())
                            .filter(env -> env.getName().equals("HEARTH_STORE_CONTROL_URL"))
                            .map(EnvVar::getValue)
                            .findFirst()
                            .orElseThrow();
                    var host = URI.create(url.substring("jdbc:".length())).getHost();
                    var service = STANDARD.one(Service.class, host.substring(0, host.indexOf('.')));
                    assertThat(service.getSpec().getClusterIP()).isNull();
                    assertThat(service.getSpec().getSelector())
                            .containsEntry("app.kubernetes.io/component", "postgres");
                });
    }

    /** A pod of the chart that carried the browsers' label would be swept away as one that no row knows. */
    @Test
    void nothingOfTheChartLooksLikeABrowser() {
        assertThat(EVERYTHING.pods().values())
                .allSatisfy(pod -> assertThat(pod.getMetadata().getLabels())
                        .doesNotContainKey("hearth.dev/browser")
                        .doesNotContainEntry("app.kubernetes.io/managed-by", "hearth"));
    }

    @Test
    void theGeneratedSigningKeyIsOneThatGatewaysRead(@TempDir Path folder) throws Exception {
        var secret = STANDARD.one(Secret.class, "hearth-signing").getData().get("signing.pem");
        var file =
                Files.write(folder.resolve("signing.pem"), Base64.getDecoder().decode(secret));
        assertThat(GatewayKeys.load(List.of(file)).publicKeys()).isNotEmpty();
    }

    @Test
    void whileKeysAreRotatedBothAreThereAndTheFirstSigns() {
        var rotating =
                Chart.of(chart -> chart.set("signingKey.key", "next.pem").set("signingKey.more[0]", "signing.pem"));
        for (var name : List.of("hearth-operator", "hearth-gateway")) {
            var spec = Objects.requireNonNull(rotating.pods().get(name)).getSpec();
            assertThat(spec.getContainers().getFirst().getEnv())
                    .filteredOn(variable -> variable.getName().equals("HEARTH_GATEWAY_SIGNING_KEY_FILE"))
                    .extracting(EnvVar::getValue)
                    .containsExactly("/etc/hearth/signing/next.pem,/etc/hearth/signing/signing.pem");
            assertThat(spec.getVolumes())
                    .filteredOn(volume -> volume.getName().equals("signing"))
                    .flatExtracting(volume -> volume.getSecret().getItems())
                    .extracting(KeyToPath::getKey)
                    .containsExactly("next.pem", "signing.pem");
        }
        assertThat(rotating.one(Secret.class, "hearth-signing").getData()).containsOnlyKeys("next.pem", "signing.pem");
    }

    @Test
    void theFirstApiKeyIsLongEnoughAndLabelled() {
        var secret = STANDARD.one(Secret.class, "hearth-api-key");
        assertThat(secret.getMetadata().getLabels()).containsKey("hearth.dev/api-key");
        assertThat(new String(Base64.getDecoder().decode(secret.getData().get("key")), StandardCharsets.UTF_8))
                .matches("hearth_[A-Za-z0-9]{40}");
    }

    @Test
    void anUninstallLeavesTheDefinitions() {
        assertThat(STANDARD.all(CustomResourceDefinition.class))
                .hasSize(2)
                .allSatisfy(crd -> assertThat(crd.getMetadata().getAnnotations())
                        .containsEntry("helm.sh/resource-policy", "keep"));
    }

    @Test
    void livenessAsksNoDatabase() {
        for (var name : List.of("hearth-operator", "hearth-gateway")) {
            var container = STANDARD.pod(name).getContainers().getFirst();
            assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/q/health/live");
            assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/q/health/ready");
        }
    }

    static Map<String, String> environment(PodSpec spec) {
        return spec.getContainers().getFirst().getEnv().stream()
                .filter(variable -> variable.getValue() != null)
                .collect(Collectors.toMap(EnvVar::getName, variable -> Objects.requireNonNull(variable.getValue())));
    }

    private static List<Container> containers(PodSpec spec) {
        return Stream.concat(spec.getInitContainers().stream(), spec.getContainers().stream())
                .toList();
    }
}
