package dev.hearth.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pods on the real control plane, bound by the real scheduler, run with small real programs. */
class LocalNodeIT {
    private static TestCluster cluster;
    private static LocalNode node;

    @BeforeAll
    static void start() throws Exception {
        cluster = TestCluster.shared();
        node = cluster.localNode();
    }

    @AfterAll
    static void stop() {
        node.close();
        cluster.forgetPods();
    }

    @Test
    void registersOneReadyNodePerRegionWithALease() {
        var nodes = cluster.client
                .nodes()
                .withLabel("hearth.dev/local", "true")
                .list()
                .getItems();

        assertThat(nodes).hasSize(2).allSatisfy(found -> {
            assertThat(found.getMetadata().getLabels())
                    .containsEntry("kubernetes.io/os", "linux")
                    .containsEntry("kubernetes.io/hostname", found.getMetadata().getName());
            assertThat(found.getStatus().getConditions())
                    .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
            assertThat(found.getSpec().getTaints()).isEmpty();
            assertThat(cluster.client
                            .leases()
                            .inNamespace("kube-node-lease")
                            .withName(found.getMetadata().getName())
                            .get()
                            .getSpec()
                            .getRenewTime())
                    .isNotNull();
        });
        assertThat(nodes)
                .extracting(found -> found.getMetadata().getLabels().get("topology.kubernetes.io/region"))
                .containsExactlyInAnyOrder("eu", "us");
    }

    @Test
    void startsTheSidecarFirstAndIsReadyByItsProbeOnItsOwnAddress() throws Exception {
        cluster.create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: web, labels: {color: green}}
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 2
                  nodeSelector: {topology.kubernetes.io/region: us}
                  volumes: [{name: shared, emptyDir: {}}]
                  initContainers:
                    - name: prepare
                      image: hearth.test/tools:1
                      args: ["-c", "echo init >> /shared/order"]
                      volumeMounts: [{name: shared, mountPath: /shared}]
                    - name: beside
                      image: hearth.test/tools:1
                      restartPolicy: Always
                      args: ["-c", "echo sidecar >> /shared/order; exec sleep 600"]
                      volumeMounts: [{name: shared, mountPath: /shared}]
                  containers:
                    - name: main
                      image: hearth.test/tools:1
                      command: [sh, -c]
                      args: ["echo main $COLOR $NODE >> /shared/order; exec python3 -m http.server 8080 --bind $(POD_IP) --directory /shared"]
                      env:
                        - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                        - {name: COLOR, valueFrom: {fieldRef: {fieldPath: "metadata.labels['color']"}}}
                        - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
                      ports: [{name: http, containerPort: 8080}]
                      readinessProbe: {httpGet: {path: /order, port: http}, periodSeconds: 1}
                      volumeMounts: [{name: shared, mountPath: /shared}]
                """);

        var pod = cluster.awaitReady("web");

        assertThat(pod.getStatus().getPhase()).isEqualTo("Running");
        assertThat(pod.getStatus().getPodIP()).startsWith("127.").isNotEqualTo("127.0.0.1");
        assertThat(pod.getStatus().getInitContainerStatuses()).allMatch(status -> status.getReady());
        assertThat(startedAt(pod.getStatus().getInitContainerStatuses().get(1)))
                .isLessThanOrEqualTo(
                        startedAt(pod.getStatus().getContainerStatuses().getFirst()));
        assertThat(pod.getStatus().getConditions())
                .filteredOn(c -> c.getStatus().equals("True"))
                .extracting(c -> c.getType())
                .contains("PodScheduled", "PodReadyToStartContainers", "Initialized", "ContainersReady", "Ready");
        try (var http = HttpClient.newHttpClient()) {
            var uri =
                    URI.create("http://%s:8080/order".formatted(pod.getStatus().getPodIP()));
            var body = http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            // The sidecar is started first; which of the two gets to its first line first is the machine's choice.
            assertThat(body.body().lines())
                    .startsWith("init")
                    .containsExactlyInAnyOrder(
                            "init", "sidecar", "main green " + pod.getSpec().getNodeName());
        }
        cluster.delete("web", 2);
        cluster.awaitGone("web");
        assertThat(cluster.directory.resolve("node/pods/" + pod.getMetadata().getUid()))
                .doesNotExist();
    }

    @Test
    void secretsAndConfigurationArriveAsEnvironmentAndFiles() throws Exception {
        cluster.client
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("settings")
                        .withNamespace("default")
                        .endMetadata()
                        .addToData("mode", "warm")
                        .build())
                .create();
        cluster.create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: inputs}
                spec:
                  restartPolicy: Never
                  volumes:
                    - {name: keys, secret: {secretName: keys}}
                    - {name: ram, emptyDir: {medium: Memory}}
                  containers:
                    - name: main
                      image: hearth.test/tools:1
                      args: ["-c", "cat /etc/keys/token; echo \\" $TOKEN $MODE\\"; df --output=fstype /ram | tail -1; echo $HOME"]
                      env:
                        - {name: TOKEN, valueFrom: {secretKeyRef: {name: keys, key: token}}}
                        - {name: MODE, valueFrom: {configMapKeyRef: {name: settings, key: mode}}}
                      volumeMounts:
                        - {name: keys, mountPath: /etc/keys, readOnly: true}
                        - {name: ram, mountPath: /ram}
                """);
        // Without its secret the pod waits and says for what.
        cluster.awaitPod(
                "inputs",
                pod -> pod.getStatus().getConditions().stream()
                        .anyMatch(c -> String.valueOf(c.getMessage()).contains("secret default/keys not found")));

        cluster.client
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("keys")
                        .withNamespace("default")
                        .endMetadata()
                        .addToStringData("token", "/etc/keys")
                        .build())
                .create();

        var pod = cluster.awaitPhase("inputs", "Succeeded");
        var lines = cluster.kubectl("logs", "inputs").lines().toList();
        assertThat(lines.getFirst()).isEqualTo("/etc/keys /etc/keys warm");
        assertThat(lines.get(1)).isEqualTo("tmpfs");
        assertThat(lines.get(2)).endsWith("/home/main");
        // Its end is told first.
        TestCluster.patience()
                .alias("volumes of a pod that ended are gone")
                .until(() -> Files.notExists(cluster.directory.resolve(
                        "node/pods/" + pod.getMetadata().getUid() + "/volumes")));
    }

    private static String startedAt(io.fabric8.kubernetes.api.model.ContainerStatus container) {
        return container.getState().getRunning().getStartedAt();
    }
}
